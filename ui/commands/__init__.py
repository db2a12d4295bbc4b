"""The window's command by name: where it lives, and the line ``vpt-studio --help`` shows for it."""

COMMANDS: dict[str, tuple[str, str]] = {
    "studio": ("ui.commands.studio:studio", "Open the window."),
}
