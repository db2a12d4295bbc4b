"""``vpt-studio takes check|trim|cut|split|restore``: what is wrong with a take, and what mends it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vpt_studio.commands.console import ExitCode, StudioCommand, answer, json_option, progress, project_option
from vpt_studio.words import count_words, duration_words

if TYPE_CHECKING:
    _Tick = click.ParamType[int]
    _TwoTicks = click.ParamType[tuple[int, int]]
    from recorder.takes.mending import Mended
    from recorder.takes.reason import Reason
    from recorder.takes.verdict import TakeVerdict
    from recorder.takes.waiting import Take
else:
    _Tick = _TwoTicks = click.ParamType  # no generic in older versions

# The decoders take half a second to load: each command imports what it uses.

_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6}(?:\.\d{1,3})?)")
_TICK = re.compile(r"(\d{1,9})t")
_SIGNS = {"ok": "ok     ", "unknown": "unknown", "warn": "look   ", "bad": "bad    "}
_TIMES_HELP = "A time is in seconds (`83.5`), as a clock shows it (`1:23.5`), or a tick (`1670t`)."


class _Moment(_Tick):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        tick = _TICK.fullmatch(value)
        if tick:
            return int(tick[1])
        time = _TIME.fullmatch(value)
        if not time:
            self.fail(f"{value!r} is not a time such as 1:23.5, nor a tick such as 1670t.", param, ctx)
        from vpt_studio.recordings.recording import TICK_RATE

        hours, minutes, seconds = (float(part or 0) for part in time.groups())
        return round((hours * 3600 + minutes * 60 + seconds) * TICK_RATE)


class _Span(_TwoTicks):
    name = "begin-end"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        begin, dash, end = value.partition("-")
        if not dash:
            self.fail(f"{value!r} is not a begin and an end such as 1:10-1:30.", param, ctx)
        return MOMENT.convert(begin, param, ctx), MOMENT.convert(end, param, ctx)


MOMENT, SPAN = _Moment(), _Span()


@click.command("check", cls=StudioCommand)
@click.argument("names", nargs=-1, required=True, metavar="TAKE…")
@project_option
@json_option
@click.pass_context
def check_command(
    ctx: click.Context, names: tuple[str, ...], project_folder: Path | None, as_json: bool
) -> None:
    """Look at all of a take and say what is wrong with it, where, and what mends it.

    Nothing is changed. Exit status 3 means that something is wrong with one of them.
    """
    from recorder.takes.reason import State
    from recorder.takes.verdict import judge_take, looks

    takes = [_whole(project_folder, name) for name in names]
    verdicts: dict[str, TakeVerdict] = {}
    with progress("Checking", sum(looks(take.video) for take in takes), hidden=as_json) as bar:
        for take in takes:
            verdicts[take.name] = judge_take(take.video, tell=bar.update)
    text = "\n".join(_told(name, verdict) for name, verdict in verdicts.items())
    answer(as_json, {"takes": {name: one.as_json() for name, one in verdicts.items()}}, text)
    if any(verdict.state is not State.OK for verdict in verdicts.values()):
        ctx.exit(ExitCode.PARTLY_DONE)


@click.command("trim", cls=StudioCommand, epilog=_TIMES_HELP)
@click.argument("name", metavar="TAKE")
@click.argument("begin", type=MOMENT)
@click.argument("end", type=MOMENT)
@project_option
@json_option
def trim_command(name: str, begin: int, end: int, project_folder: Path | None, as_json: bool) -> None:
    """Keep a take from BEGIN to END; what is before and after goes.

    The take as it was waits in `takes/discarded` for a week: `vpt-studio takes restore TAKE` brings it back.
    """
    from recorder.takes.mending import trim

    take = _whole(project_folder, name)
    _mend(take, end - begin, lambda tell: trim(take, begin, end, tell=tell), as_json)


@click.command("cut", cls=StudioCommand, epilog=_TIMES_HELP)
@click.argument("name", metavar="TAKE")
@click.argument("spans", nargs=-1, required=True, type=SPAN, metavar="BEGIN-END…")
@project_option
@json_option
def cut_command(
    name: str, spans: tuple[tuple[int, int], ...], project_folder: Path | None, as_json: bool
) -> None:
    """Cut parts out of a take; the rest stays one take, and each seam is marked as a gap.

    The take as it was waits in `takes/discarded` for a week: `vpt-studio takes restore TAKE` brings it back.
    """
    from recorder.takes.mending import cut, kept_without

    take = _whole(project_folder, name)
    kept = sum(stop - start for start, stop in kept_without(take.ticks, spans))
    _mend(take, kept, lambda tell: cut(take, spans, tell=tell), as_json)


@click.command("split", cls=StudioCommand, epilog=_TIMES_HELP)
@click.argument("name", metavar="TAKE")
@click.argument("places", nargs=-1, required=True, metavar="TIME…|BEGIN-END…")
@project_option
@json_option
def split_command(name: str, places: tuple[str, ...], project_folder: Path | None, as_json: bool) -> None:
    """Make several takes of one: split at each TIME, or one take for each BEGIN-END and nothing of the rest.

    The take as it was waits in `takes/discarded` for a week: `vpt-studio takes restore TAKE` brings it back.
    """
    from recorder.takes.mending import split

    take = _whole(project_folder, name)
    if len({"-" in place for place in places}) > 1:
        raise click.UsageError("Name either times to split at, or the parts to keep.")
    if "-" in places[0]:
        parts = [SPAN.convert(place, None, None) for place in places]
    else:
        edges = [0, *(MOMENT.convert(place, None, None) for place in places), take.ticks]
        parts = list(pairwise(edges))
    kept = sum(stop - start for start, stop in parts)
    _mend(take, kept, lambda tell: split(take, parts, tell=tell), as_json)


@click.command("restore", cls=StudioCommand)
@click.argument("name", metavar="TAKE")
@project_option
@json_option
def restore_command(name: str, project_folder: Path | None, as_json: bool) -> None:
    """Bring back a take that was discarded, or that was mended.

    TAKE is a discarded take, a mended one, or the name under which `trim`, `cut` and `split` said that the
    take as it was is kept. What was made of it is put away in its turn.
    """
    from recorder.takes.mending import restore

    take = restore(_folder(project_folder), name)
    answer(as_json, {"take": take.as_json()}, f"{take.name} is back: {duration_words(take.seconds)}")


def _mend(take: Take, ticks: int, mend: Callable[[Callable[[int], None]], Mended], as_json: bool) -> None:
    with progress("Writing", ticks, hidden=as_json) as bar:
        mended = mend(bar.update)
    told = "\n".join(f"{made.name}: {duration_words(made.seconds)}" for made in mended.takes)
    back = f"{take.name} as it was: vpt-studio takes restore {mended.original}"
    answer(
        as_json,
        {"original": mended.original, "takes": [made.as_json() for made in mended.takes]},
        f"{told}\n{back}",
    )


def _whole(project_folder: Path | None, name: str) -> Take:
    from recorder.takes.waiting import recover, waiting_take

    return recover(waiting_take(_folder(project_folder), name))


def _folder(project_folder: Path | None) -> Path:
    from recorder.takes.waiting import takes_folder
    from vpt_studio.project import Project

    with Project.open(project_folder or Project.find()) as project:  # says where there is none
        return takes_folder(project.layout.folder)


def _told(name: str, verdict: TakeVerdict) -> str:
    from vpt_studio.recordings.recording import TICK_RATE

    lines = [f"{name}: {verdict.health.value}, {duration_words(verdict.ticks / TICK_RATE)}"]
    for reason in verdict.reasons:
        lines.append(
            f"  {_SIGNS[reason.state.value]}  {reason.words}{f' {reason.why}' if reason.why else ''}"
        )
        if reason.mend is not None:
            lines.append(f"           Mend: vpt-studio {' '.join(reason.mend.command(name))}")
        elif reason.state.value in ("warn", "bad") and reason.spans:
            lines.append(f"           At {_places(reason)}")
    return "\n".join(lines)


def _places(reason: Reason) -> str:
    from vpt_studio.recordings.recording import TICK_RATE

    shown = [f"{start / TICK_RATE:.1f} s" for start, _ in reason.spans[:5]]
    more = len(reason.spans) - len(shown)
    return ", ".join(shown) + (f" and {count_words(more, 'place')} more" if more else "")


MENDING_COMMANDS = (check_command, trim_command, cut_command, split_command, restore_command)
