"""The windows of the desktop: which there are, where they are, and which one has the keyboard."""
