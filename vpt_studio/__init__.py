"""The core of VPT Studio: actions, recordings, projects, environments and models. No Qt, no capture."""
