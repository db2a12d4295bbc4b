"""``vpt-studio demo-data``: play of scripted contractors, as a project to work with."""

from __future__ import annotations

import sys
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vpt_studio.commands.console import StudioCommand, answer, json_option, note, progress
from vpt_studio.words import count_words, duration_words

if TYPE_CHECKING:
    from vpt_studio.demo_data.plan import TakePlan

_TICKS_PER_SECOND = 20
_TAG = "demo"
_HOURS, _VIDEOS, _SECONDS = 0.5, 10, 60
_HEAD_STARTS = (0, 1000, 3000, 6000, 9000)  # ticks into a game at which videos begin, in turn


@click.command("demo-data", cls=StudioCommand)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True,
              help="The project they go into, made where missing; with --web a folder.")  # fmt: skip
@click.option("--hours", type=click.FloatRange(min=0, min_open=True),
              help=f"How much play altogether, without --web. Default: {_HOURS}.")  # fmt: skip
@click.option("--contractors", type=click.IntRange(1),
              help="How many different players share it. Default: all there are.")  # fmt: skip
@click.option("--held-out", "held_out", is_flag=True,
              help="Players of the styles that are kept for testing.")  # fmt: skip
@click.option("--web", is_flag=True,
              help="Make videos as the web has them, and tell what is clean in them.")  # fmt: skip
@click.option("--videos", type=click.IntRange(1),
              help=f"How many, with --web; each shows --seconds of play. Default: {_VIDEOS}.")  # fmt: skip
@click.option("--seconds", type=click.FloatRange(min=5),
              help=f"Play in each video, with --web. Default: {_SECONDS}.")  # fmt: skip
@click.option("--preset", default="survival", show_default=True, help="survival or brisk.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Start of every choice.")
@click.option("--workers", type=click.IntRange(1), help="Processes. Default: one per core.")
@json_option
def demo_data(
    out: Path,
    hours: float | None,
    contractors: int | None,
    held_out: bool,
    web: bool,
    videos: int | None,
    seconds: float | None,
    preset: str,
    seed: int,
    workers: int | None,
    as_json: bool,
) -> None:
    """Let scripted contractors play in the built-in world, and put their recordings into a project.

    They are in OpenAI's contractor format, marked as a script's. With --web their play is made into videos
    as people upload them, in the folder "web videos" of --out and in no project, every fifth of a design that
    is kept for testing; what is clean in them is told in .truth.json. Begun again with the same words, it
    goes on where it was broken off.
    """
    from vpt_studio.commands.world import make_world_ready
    from vpt_studio.contractors import HELD_OUT_STYLES, STYLES
    from vpt_studio.demo_data.plan import plan_takes, short_takes
    from vpt_studio.demo_data.takes import make_takes
    from vpt_studio.envs.voxel.presets import preset_named
    from vpt_studio.errors import StudioError
    from vpt_studio.project import Project
    from vpt_studio.project.importing import ImportOptions, import_recordings
    from vpt_studio.recordings.source import Source

    preset_named(preset)
    _refuse_what_does_not_apply(web, {"--hours": hours, "--videos": videos, "--seconds": seconds})
    styles = tuple(HELD_OUT_STYLES if held_out else STYLES)
    contractors = len(styles) if contractors is None else contractors
    if contractors > len(styles):
        raise StudioError(
            f"there are {len(styles)} different players, not {contractors}",
            mend=f"Give --contractors {len(styles)} or fewer: {', '.join(styles)}",
        )
    players = styles[:contractors]
    if web:
        players_in_turn = tuple(islice(cycle(players), videos or _VIDEOS))
        plays = short_takes(players_in_turn, seconds or _SECONDS, preset, seed, _HEAD_STARTS)
        made = _web_videos(plays, out, seed, workers, as_json)
        answer(as_json, {"videos": made}, f"{count_words(len(made), 'video')} in {made[0].parent}")
        return
    plans = plan_takes(hours or _HOURS, players, preset, seed)
    exists = (out / "project.db").is_file()
    with Project.open(out) if exists else Project.create(out, out.resolve().name) as project:
        folder = project.layout.folder / "demo data"
        if not sys.stderr.isatty() and not as_json:
            note(f"Playing {duration_words(sum(plan.ticks for plan in plans) / _TICKS_PER_SECOND)}")
        make_world_ready(hidden=as_json)
        with progress("Playing", sum(plan.head_start + plan.ticks for plan in plans)) as bar:
            recorded = make_takes(plans, folder, tell=bar.update, workers=workers)
        options = ImportOptions(source=Source.SCRIPT, refer=True, tags=(_TAG,))
        report = import_recordings(project, recorded, options)
        ids = [row.id for row in report.imported] + [known for _, known in report.known]
        ticks = sum(project.recording(each).duration_ticks for each in ids)
    answer(
        as_json,
        {
            "folder": out,
            "recordings": ids,
            "ticks": ticks,
            "left_out": [str(problem) for problem in report.left_out],
        },
        f"{count_words(len(ids), 'recording')} of {contractors} players in {out}",
    )


def _refuse_what_does_not_apply(web: bool, given: dict[str, float | None]) -> None:
    from vpt_studio.errors import StudioError

    for option, value in given.items():
        if value is not None and web is (option == "--hours"):
            raise StudioError(
                f"{option} says nothing {'with' if web else 'without'} --web",
                mend="Give --videos and --seconds" if web else "Give --hours, or add --web",
            )


def _web_videos(
    plays: list[TakePlan], out: Path, seed: int, workers: int | None, as_json: bool
) -> list[Path]:
    from vpt_studio.commands.world import make_world_ready
    from vpt_studio.demo_data.web_videos import make_web_videos, plan_web_videos

    if not sys.stderr.isatty() and not as_json:
        note(f"Playing {count_words(len(plays), 'video')}")
    make_world_ready(hidden=as_json)
    with progress("Playing", sum(play.head_start + play.ticks for play in plays)) as bar:
        plans = plan_web_videos(plays, seed)
        return make_web_videos(plans, out / "web videos", tell=bar.update, workers=workers)
