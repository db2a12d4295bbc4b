"""The recorder's commands by name: where each lives, and the line ``vpt-studio --help`` shows for it."""

COMMANDS: dict[str, tuple[str, str]] = {
    "record": ("recorder.commands.record:record", "Record a game's window with keyboard and mouse."),
    "takes": ("recorder.commands.takes:takes", "Recover, keep and discard takes that wait for it."),
}
