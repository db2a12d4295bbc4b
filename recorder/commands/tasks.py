"""``vpt-studio tasks``: what people can be asked to do."""

from __future__ import annotations

import click

from vpt_studio.commands.console import StudioCommand, answer, json_option, table


@click.command(cls=StudioCommand)
@click.option(
    "--task-list", "names", multiple=True, help="A list of ours, or a YAML file. Default: all of ours."
)
@json_option
def tasks(names: tuple[str, ...], as_json: bool) -> None:
    """List the tasks that people can be asked to do.

    A list is a YAML file: a title, and of each task its id, title, prompt, minutes, do and dont.
    """
    from recorder.tasks import read_task_list, task_list_names

    lists = {name: read_task_list(name) for name in names or task_list_names()}
    parts = []
    for name, listed in lists.items():
        rows = [
            (task.id, "no limit" if task.minutes is None else f"{task.minutes} min", task.title)
            for task in listed.tasks
        ]
        parts.append(f"{listed.title} ({name})\n\n{table(rows, ('task', 'time', 'title'))}")
    told = {"lists": {name: listed.model_dump(mode="json") for name, listed in lists.items()}}
    answer(as_json, told, "\n\n".join(parts))
