"""The game that is played: its window, its keys, and what of it may be seen. Scout and capture share it."""
