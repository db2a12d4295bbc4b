"""``vpt-studio play``: a policy plays the built-in world, watched or recorded."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vpt_studio.commands.console import (
    ExitCode,
    StudioCommand,
    answer,
    json_option,
    note,
    progress,
    project_option,
    table,
)
from vpt_studio.words import count_words, duration_words

if TYPE_CHECKING:
    from vpt_studio.playing.episode import Episode
    from vpt_studio.project import Project

_TICKS_PER_SECOND = 20
_INTO_PROJECT = "\0"  # no folder is called so
_TAG = "episode"
_LONGEST_NAME = 60  # of a policy in a recording's name, which has seed, date and time besides


@click.command("play", cls=StudioCommand)
@click.option("--checkpoint", required=True, metavar="CHECKPOINT",
              help="The policy: an export folder, an OpenAI .model file, or a run.")  # fmt: skip
@click.option("--env", "preset", default="survival", show_default=True, metavar="E",
              help="The built-in world's preset: survival or brisk.")  # fmt: skip
@click.option("--episodes", type=click.IntRange(1), default=1, show_default=True, help="How many.")
@click.option("--seed", type=click.IntRange(0, 2**62), default=0, show_default=True,
              help="Of the first world, and of the policy's chance; the others have the next.")  # fmt: skip
@click.option("--ticks", type=click.IntRange(1, 72_000), default=6000, show_default=True,
              help="Length of an episode, 20 in a second.")  # fmt: skip
@click.option("--temperature", type=click.FloatRange(0, min_open=True), default=1.0, show_default=True,
              help="Of the policy's choice: less is more decided.")  # fmt: skip
@click.option("--greedy", is_flag=True, help="Always do what is likeliest.")
@click.option("--record", metavar="[FOLDER]", is_flag=False, flag_value=_INTO_PROJECT,
              help="Record every episode into FOLDER; without FOLDER into the project.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True,
              help="Processor threads. Another number rounds otherwise: other play.")  # fmt: skip
@project_option
@json_option
@click.pass_context
def play(
    ctx: click.Context,
    checkpoint: str,
    preset: str,
    episodes: int,
    seed: int,
    ticks: int,
    temperature: float,
    greedy: bool,
    record: str | None,
    threads: int,
    project_folder: Path | None,
    as_json: bool,
) -> None:
    """Let a policy play the built-in world, as fast as it can.

    It sees what a person sees, and nothing else. A death does not end an episode. The same words give the
    same play, recorded or not. Ctrl+C ends the episode under way; what was played until then is kept.

    \b
    vpt-studio play --checkpoint foundation-1x --episodes 3 --record
    """
    from training.run_models import resolve_checkpoint
    from vpt_studio.envs.voxel.presets import preset_named
    from vpt_studio.project import Project

    preset_named(preset)
    place = resolve_checkpoint(checkpoint, project_folder)
    played: list[dict[str, Any]] = []
    with ExitStack() as stack:
        project = None
        if record == _INTO_PROJECT:
            project = stack.enter_context(Project.open(project_folder or Project.find()))
        folder = project.layout.folder / "episodes" if project else Path(record) if record else None
        game = _Game(place, preset, ticks, temperature, greedy, folder, threads, as_json)
        interrupted = stack.enter_context(_interrupts())
        bar = stack.enter_context(progress("Playing", episodes * ticks, hidden=as_json))
        for number in range(seed, seed + episodes):
            episode, video = game.play(number, bar.update, lambda: bool(interrupted))
            if episode.ticks:
                told = {"seed": number, **asdict(episode), "recording": video}
                if project is not None and video is not None:
                    told["id"] = _imported(project, video)
                played.append(told)
            if interrupted:
                break
    answer(as_json, {"folder": folder, "episodes": played}, _text(played, folder))
    if interrupted:
        cut = ", the last one cut short" if played and played[-1]["ticks"] < ticks else ""
        note(f"Interrupted. {len(played)} of {count_words(episodes, 'episode')} kept{cut}.")
        ctx.exit(ExitCode.INTERRUPTED)


class _Game:
    """A policy that is loaded, and what it is to play."""

    def __init__(
        self,
        place: Path,
        preset: str,
        ticks: int,
        temperature: float,
        greedy: bool,
        folder: Path | None,
        threads: int,
        quiet: bool,
    ) -> None:
        import torch

        from training.pseudo_labels import weights_hash
        from training.run_models import checkpoint_name
        from vpt_studio.commands.world import make_world_ready
        from vpt_studio.models.checkpoints import load_policy
        from vpt_studio.playing.recorded_episode import Origin
        from vpt_studio.project.layout import recording_id_from

        torch.set_num_threads(threads)
        self._checkpoint = load_policy(place)
        name = recording_id_from(checkpoint_name(place))[:_LONGEST_NAME]
        self._origin = Origin(name, weights_hash(place), temperature, greedy)
        self._preset, self._ticks, self._folder = preset, ticks, folder
        make_world_ready(hidden=quiet)

    def play(
        self, seed: int, tell: Callable[[int], None], stopped: Callable[[], bool]
    ) -> tuple[Episode, Path | None]:
        """Play the world of `seed`, and record it where that is wanted."""
        from vpt_studio.playing.agent_player import AgentPlayer
        from vpt_studio.playing.episode import play_episode
        from vpt_studio.playing.recorded_episode import record_episode

        origin, preset, ticks = self._origin, self._preset, self._ticks
        player = AgentPlayer(self._checkpoint, seed, temperature=origin.temperature, greedy=origin.greedy)
        if self._folder is None:
            return play_episode(player, preset, seed, ticks, tell=tell, stopped=stopped), None
        return record_episode(player, origin, self._folder, preset, seed, ticks, tell=tell, stopped=stopped)


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Interrupts from the keyboard, to be looked at between ticks: a recording is no place to jump out of.

    A second one, of somebody who does not want to wait, is the usual one.
    """
    heard: list[int] = []

    def hear(number: int, _frame: object) -> None:
        heard.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield heard
    finally:
        signal.signal(signal.SIGINT, before)


def _imported(project: Project, video: Path) -> str:
    """The id of an episode in the project, into which it is brought where it lies.

    The same words played before gave the same episode: then it is known already.
    """
    from vpt_studio.errors import StudioError
    from vpt_studio.project.importing import ImportOptions, import_recordings
    from vpt_studio.recordings.source import Source

    report = import_recordings(
        project, [video], ImportOptions(source=Source.AGENT, refer=True, tags=(_TAG,), workers=1)
    )
    if report.left_out:
        raise StudioError(f"the episode was recorded, but not imported ({report.left_out[0]})", where=video)
    return report.imported[0].id if report.imported else report.known[0][1]


def _text(played: Sequence[dict[str, Any]], folder: Path | None) -> str:
    if not played:
        return "Nothing was played."
    rows = [
        [
            told["seed"],
            duration_words(told["ticks"] / _TICKS_PER_SECOND),
            ", ".join(sorted(told["first_ticks"], key=told["first_ticks"].get)[-3:]) or "nothing",
            ", ".join(death["cause"] for death in told["deaths"]) or "-",
            f"{told['behaviour']['walked']:.0f} m/min",
        ]
        for told in played
    ]
    text = table(rows, ["seed", "played", "obtained last", "died of", "walked"])
    return text if folder is None else f"{text}\n\nRecorded in {folder}"
