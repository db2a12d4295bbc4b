"""The task lists that Record can offer, read off the GUI thread. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recorder.tasks import TaskList, read_task_list, task_list_names
from vpt_studio.errors import StudioError


@dataclass(frozen=True)
class OfferedTasks:
    """What the step Task shows.

    Attributes:
        name: The list's name or file; "" for none.
        tasks: The list; None where there is none, or it cannot be used.
        trouble: Why it cannot be used.
        known: Lists to choose from: names and titles.
    """

    name: str
    tasks: TaskList | None
    trouble: StudioError | None
    known: tuple[tuple[str, str], ...]


def offered_tasks(name: str) -> OfferedTasks:
    """The list `name` (of ours, or a file; "" for none), and which others there are."""
    tasks, trouble = None, None
    try:
        tasks = read_task_list(name) if name else None
    except StudioError as error:
        trouble = error
    known = [(shipped, read_task_list(shipped).title) for shipped in task_list_names()]
    if name and name not in dict(known):
        known.append((name, Path(name).name if tasks is None else f"{tasks.title} ({Path(name).name})"))
    return OfferedTasks(name, tasks, trouble, tuple(known))
