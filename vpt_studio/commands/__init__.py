"""The core's commands by name: where each lives, and the line ``vpt-studio --help`` shows for it."""

# Read by main.py without importing the commands themselves, so that --help stays fast.
COMMANDS: dict[str, tuple[str, str]] = {
    "project": ("vpt_studio.commands.project:project", "Make, look at, check and back up a project folder."),
    "recordings": (
        "vpt_studio.commands.recordings:recordings",
        "Import, look at, mend and export recordings.",
    ),
    "demo-data": (
        "vpt_studio.commands.demo_data:demo_data",
        "Let scripted contractors play, and record them into a project.",
    ),
    "checkpoint": (
        "vpt_studio.commands.checkpoint:checkpoint",
        "Look at checkpoints, convert them from and to OpenAI's form, verify them.",
    ),
    "world": ("vpt_studio.commands.world:world", "Look at the built-in world, and get it ready."),
}
