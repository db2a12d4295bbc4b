"""Training's commands by name: where each lives, and the line ``vpt-studio --help`` shows for it."""

COMMANDS: dict[str, tuple[str, str]] = {
    "idm": ("training.commands.idm:idm", "Train, evaluate and use an inverse dynamics model."),
    "play": ("training.commands.play:play", "Let a policy play the built-in world, and record it."),
    "evaluate": (
        "training.commands.evaluate:evaluate_command",
        "How well a policy plays, beside others on the same seeds.",
    ),
    "runs": ("training.commands.runs:runs", "List, watch, stop and resume training runs."),
    "sample": ("training.commands.sample:sample", "Make a small project to look around in."),
    "demo": ("training.commands.demo:demo", "The main job from end to end: import, train, evaluate, show."),
}
