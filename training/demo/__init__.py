"""Material for a first try without any data: clips of a scripted player in a small moving scene."""
