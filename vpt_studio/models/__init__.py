"""Networks: image tower, transformer, inverse dynamics model, policy, and checkpoints in and out."""
