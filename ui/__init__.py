"""The window. Reaches no torch: of training it imports only runs, launcher and configs."""
