"""How every command speaks: JSON or text answers, progress with time left, errors and exit codes."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import IO, Any, NoReturn, Protocol, Self

import click
import orjson

from vpt_studio.errors import StudioError
from vpt_studio.recordings.problems import Problem, visible


class ExitCode(IntEnum):
    """What a command's exit status says; README lists the same table."""

    DONE = 0
    FAILED = 1
    USAGE = 2  # click's own
    PARTLY_DONE = 3
    INTERRUPTED = 130


class StudioCommand(click.Command):
    """A command whose :class:`StudioError` becomes one clear line and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error meant for people is printed, never a traceback."""
        try:
            return super().invoke(ctx)
        except StudioError as error:
            _fail(ctx, error)
        except BrokenPipeError:
            raise  # nobody reads on, which is no failure of ours
        except OSError as error:
            _fail(ctx, StudioError((error.strerror or str(error)).lower(), where=error.filename))
        except KeyboardInterrupt:
            click.echo("Interrupted. What was finished is kept.", err=True)
            ctx.exit(ExitCode.INTERRUPTED)


def _fail(ctx: click.Context, error: StudioError) -> NoReturn:
    if ctx.params.get("as_json"):
        answer(True, {"error": error.as_json()}, "")
    else:
        # A file's name may hold anything; one line it stays.
        note(f"{click.style('Error:', fg='red', bold=True)} {visible(str(error))}")
    ctx.exit(ExitCode.FAILED)


class _WrongWords(click.UsageError):
    """Wrong words on a command line that asks for JSON: told as every other error there."""

    def show(self, file: IO[Any] | None = None) -> None:  # noqa: ARG002 - the answer's place is stdout
        help_ = f"See {self.ctx.command_path} --help" if self.ctx is not None else None
        error = StudioError(self.format_message().removesuffix("."), mend=help_)
        answer(True, {"error": error.as_json()}, "")


class StudioGroup(click.Group):
    """A group whose commands are :class:`StudioCommand`, and whose usage errors are JSON with ``--json``."""

    command_class = StudioCommand

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the words that belong to the group itself, and note whether JSON is asked for."""
        as_json = "--json" in args
        with _told_as_json(as_json):
            ctx = super().make_context(info_name, args, parent, **extra)
        ctx.meta[_AS_JSON] = as_json
        return ctx

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is called; what is wrong with its words comes up here."""
        with _told_as_json(bool(ctx.meta.get(_AS_JSON))):
            return super().invoke(ctx)


_AS_JSON = "vpt_studio.as_json"


@contextmanager
def _told_as_json(as_json: bool) -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        if not as_json or isinstance(error, _WrongWords):
            raise
        raise _WrongWords(error.format_message(), error.ctx) from error


json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON on standard output.")

project_option = click.option(
    "--project",
    "project_folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="VPT_STUDIO_PROJECT",
    help="The project folder. Default: the one around the current folder.",
)


def answer(as_json: bool, data: Any, text: str) -> None:
    """Print a command's result: `data` as JSON when asked for, else `text`."""
    if as_json:
        options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
        try:
            content = orjson.dumps(data, default=_as_plain, option=options)
        except orjson.JSONEncodeError:
            # File names that are no text, on systems where names are bytes.
            content = orjson.dumps(_printable(data), default=_as_plain, option=options)
        click.echo(content)
    elif text:
        click.echo(_encodable(text))


def table(rows: Sequence[Mapping[str, Any]] | Sequence[Sequence[Any]], headers: Sequence[str]) -> str:
    """`rows` as an aligned text table under `headers`."""
    from tabulate import tabulate  # takes 60 ms to import, which --help need not pay

    cells = [[row.get(name, "") for name in headers] if isinstance(row, Mapping) else row for row in rows]
    return tabulate(cells, headers=headers, tablefmt="simple", disable_numparse=True)


def note(text: str) -> None:
    """Say something to the person that is not part of the answer (standard error)."""
    click.echo(_encodable(text), err=True)


def shown_path(path: Path, asked: Sequence[Path]) -> str:
    """`path` as a person told it who asked for `asked`: below the one folder they named, else in full."""
    if len(asked) == 1:
        folder = asked[0] if asked[0].is_dir() else asked[0].parent
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return str(path)


def problem_words(problem: Problem, asked: Sequence[Path]) -> str:
    """`problem` in one line, its file told as in :func:`shown_path`: folders may hold files of one name."""
    return str(replace(problem, file=visible(shown_path(Path(problem.path), asked))))


def nothing_found(asked: Iterable[str]) -> StudioError:
    """What to say where neither a recording nor anything like one was found."""
    return StudioError(
        f"there are no recordings in {', '.join(asked)}",
        mend="Name a video, its .jsonl, or a folder that holds some",
    )


class Progress(Protocol):
    """What long work reports to."""

    def update(self, n_steps: int) -> None:
        """Say that `n_steps` more are done."""


#: Set to ``lines`` by a program that runs a command and wants its progress: each line of standard error that
#: begins with ``{"progress"`` then tells the label, and how many of how many are done.
PROGRESS_VARIABLE = "VPT_STUDIO_PROGRESS"
_SECONDS_BETWEEN_LINES = 0.1


class _Lines:
    """Progress for a program that reads it."""

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total, self._done, self._told = label, total, 0, 0.0

    def update(self, n_steps: int) -> None:
        """Say that `n_steps` more are done."""
        self._done += n_steps
        now = time.monotonic()
        if now - self._told >= _SECONDS_BETWEEN_LINES or self._done >= self._total:
            self._told = now
            line = orjson.dumps({"progress": self._label, "done": self._done, "total": self._total})
            click.echo(line, err=True)


@contextmanager
def progress(label: str, total: int, *, hidden: bool = False) -> Iterator[Progress]:
    """A progress bar with time left on standard error; silent where there is no terminal."""
    if os.environ.get(PROGRESS_VARIABLE) == "lines":
        yield _Lines(label, total)
        return
    with click.progressbar(
        length=max(total, 0),
        label=label,
        show_eta=True,
        show_pos=True,
        file=sys.stderr,
        hidden=hidden or not sys.stderr.isatty(),
        update_min_steps=max(total // 1000, 1),
    ) as bar:
        yield bar


class LaterProgress:
    """A progress bar for work that finds out itself how much there is to do.

    As a context it ends the bar; :meth:`begin` shows it.
    """

    def __init__(self, label: str, *, hidden: bool = False) -> None:
        self._label, self._hidden = label, hidden
        self._stack = ExitStack()
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._stack.close()

    def begin(self, total: int) -> None:
        """There are `total` steps."""
        self._bar = self._stack.enter_context(progress(self._label, total, hidden=self._hidden))

    def step(self, _name: str = "") -> None:
        """One more is done."""
        if self._bar is not None:
            self._bar.update(1)


def _encodable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


def _printable(value: Any) -> Any:
    """`value` with every text in it encodable."""
    if isinstance(value, Path):
        value = value.as_posix()
    if isinstance(value, str):
        return _encodable(value)
    if isinstance(value, Mapping):
        return {_printable(key): _printable(content) for key, content in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(content) for content in value]
    return value


def _as_plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
