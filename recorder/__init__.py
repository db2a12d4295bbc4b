"""Capture: the screen at 20 Hz with exactly synchronised keyboard and mouse. Knows no torch."""
