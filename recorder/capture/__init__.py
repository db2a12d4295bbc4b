"""The capture process: one take of a game's window, from its frames and events to the disk."""
