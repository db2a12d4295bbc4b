"""Parity with the published implementation: every part of a folder of reference vectors, checked."""
