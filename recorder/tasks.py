"""What a person is asked to do in a take: a prompt in plain words, how long it may take, do and do not.

Tasks come in lists. Those that come with the studio lie beside this file as YAML; a person may write more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from vpt_studio.described_files import read_described
from vpt_studio.errors import StudioError

#: Where the lists that come with the studio lie.
FOLDER = Path(__file__).with_name("task_lists")

_Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class PlayTask(BaseModel):
    """One task card.

    Attributes:
        id: Short name in small letters, digits and hyphens; takes are called by it.
        title: What it is, in a few words.
        prompt: What to do, as the person reads it; kept with the take.
        minutes: How long it may take; None without a limit.
        do: What helps, a line each.
        dont: What would spoil the take, a line each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    title: Annotated[_Line, StringConstraints(max_length=60)]
    prompt: Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
    minutes: int | None = Field(default=None, ge=1, le=600)
    do: tuple[_Line, ...] = Field(default=(), strict=False, max_length=8)
    dont: tuple[_Line, ...] = Field(default=(), strict=False, max_length=8)

    def as_note(self) -> dict[str, Any]:
        """What the sidecar keeps of it."""
        return {"id": self.id, "title": self.title, "prompt": self.prompt, "minutes": self.minutes}


class TaskList(BaseModel):
    """Tasks that belong together.

    Attributes:
        title: What the list is, in a few words.
        tasks: The tasks, in the order in which they are offered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: Annotated[_Line, StringConstraints(max_length=60)]
    tasks: tuple[PlayTask, ...] = Field(strict=False, min_length=1, max_length=100)

    @field_validator("tasks")
    @classmethod
    def _told_apart(cls, tasks: tuple[PlayTask, ...]) -> tuple[PlayTask, ...]:
        ids = [task.id for task in tasks]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"more than one task has the id {', '.join(twice)}")
        return tasks

    def task(self, task_id: str) -> PlayTask:
        """The task of this id.

        Raises:
            StudioError: There is none.
        """
        for task in self.tasks:
            if task.id == task_id:
                return task
        known = ", ".join(task.id for task in self.tasks)
        raise StudioError(f"the list '{self.title}' has no task {task_id!r}", mend=f"Those it has: {known}")


def task_list_names() -> list[str]:
    """The lists that come with the studio, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def read_task_list(name: str) -> TaskList:
    """The task list called `name`, or the one in the file of that path.

    Raises:
        StudioError: There is none, or it holds something wrong.
    """
    if name.endswith((".yaml", ".yml")):
        return read_described(Path(name), TaskList, "task list", "paper.yaml")
    if name not in task_list_names():
        known = ", ".join(task_list_names())
        raise StudioError(
            f"there is no task list {name!r}",
            mend=f"Those we have: {known}; or name a file that ends in .yaml",
        )
    return read_described(FOLDER / f"{name}.yaml", TaskList, "task list", "paper.yaml")


#: What is done where no other task is chosen; the built-in world's list begins with it.
FREE_PLAY = PlayTask(
    id="free-play",
    title="Play freely",
    prompt="Do what you like, the way you usually play.",
    do=("Stop whenever you like",),
)
