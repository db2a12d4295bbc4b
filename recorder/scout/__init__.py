"""The scout process (`python -m recorder.scout`): looks at the desktop before a take, and stores nothing."""
