"""The recorder's commands by name: where each lives, and the line ``vpt-studio --help`` shows for it."""

COMMANDS: dict[str, tuple[str, str]] = {
    "games": ("recorder.commands.games:games", "Start a game that can be recorded."),
    "record": ("recorder.commands.record:record", "Record a game's window with keyboard and mouse."),
    "takes": ("recorder.commands.takes:takes", "Check, mend, hand in, keep and discard takes."),
    "tasks": ("recorder.commands.tasks:tasks", "List the tasks that people can be asked to do."),
}
