"""The play process (`python -m recorder.play`): the built-in world, played and recorded in lock-step."""
