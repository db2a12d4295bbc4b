"""Networks: image tower, transformer, inverse dynamics model, and checkpoints in and out."""
