"""What is held out is never learned from, whatever it is called."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from training.idm_runs import IdmRunOptions, prepare_idm_run, split
from training.kept_apart import demand_apart, group_by_play
from training.launcher import start, wait
from training.runs import RunState, create_run
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, import_recordings
from vpt_studio.project.references import open_recordings
from vpt_studio.recordings.recording import Recording
from vpt_studio.recordings.sidecar import read_sidecar, write_sidecar


def chosen(project_folder: Path, **options) -> tuple[set[str], set[str]]:
    """What a run would learn from, and what it would hold out."""
    with Project.open(project_folder) as project:
        _, config = prepare_idm_run(project, IdmRunOptions(steps=1, **options))
    return set(config.data.recordings), set(config.data.held_out)


def copy_of(video: Path, folder: Path, stem: str, *, repaired_from: str = "") -> Path:
    """The recording at `video` once more, under another name."""
    folder.mkdir(exist_ok=True)
    for suffix in (".mp4", ".jsonl"):
        shutil.copyfile(video.with_suffix(suffix), folder / f"{stem}{suffix}")
    sidecar = read_sidecar(video.with_suffix(".json"))
    assert sidecar is not None
    notes = {"repaired_from": repaired_from} if repaired_from else {}
    write_sidecar(folder / f"{stem}.json", replace(sidecar, notes=notes))
    return folder / f"{stem}.mp4"


def padded(video: Path) -> Path:
    """The same pictures with another content, as a repaired piece has it."""
    with video.open("ab") as stream:
        stream.write(b"\x00\x00\x00\x08free")
    return video


TWO_LEFT = ({"noise-0", "noise-1"}, {"noise-2"})


def test_a_held_out_recording_named_by_path_is_not_learned_from(project_folder, noise_recordings):
    everything = ("noise-0", "noise-1", "noise-2")
    named = (str(noise_recordings[2]),)
    assert chosen(project_folder, held_out=named) == TWO_LEFT
    assert chosen(project_folder, recordings=everything, held_out=named) == TWO_LEFT


def test_an_id_means_the_projects_recording_also_where_a_file_of_that_name_lies(
    project_folder, noise_recordings, monkeypatch
):
    monkeypatch.chdir(noise_recordings[0].parent)
    assert chosen(project_folder, held_out=("noise-2",)) == TWO_LEFT


def test_a_copy_and_a_link_of_a_held_out_recording_are_not_learned_from(
    project_folder, noise_recordings, tmp_path
):
    copied = copy_of(noise_recordings[2], tmp_path / "elsewhere", "another-name")
    copied.with_suffix(".jsonl").write_bytes(noise_recordings[1].with_suffix(".jsonl").read_bytes())
    linked = tmp_path / "elsewhere" / "linked.mp4"
    os.symlink(noise_recordings[2], linked)
    shutil.copyfile(noise_recordings[2].with_suffix(".jsonl"), linked.with_suffix(".jsonl"))
    for named in (copied, linked):
        taught, held_out = chosen(project_folder, held_out=(str(named),))
        assert taught == {"noise-0", "noise-1"}
        assert len(held_out) == 1


def test_a_path_outside_the_project_is_kept_such_that_the_run_finds_it(
    project_folder, noise_recordings, tmp_path
):
    strange = padded(copy_of(noise_recordings[2], tmp_path / "elsewhere", "strange"))
    inside = padded(copy_of(noise_recordings[2], project_folder, "noise-0"))
    for named in (strange, inside):
        taught, held_out = chosen(project_folder, recordings=("noise-0",), held_out=(str(named),))
        assert taught == {"noise-0"}
        (opened,) = open_recordings(held_out, project_folder)
        assert opened.video_path.samefile(named)


def test_pieces_stay_on_the_side_of_the_recording_they_were_cut_from(
    project_folder, noise_recordings, tmp_path
):
    pieces = [
        padded(
            copy_of(noise_recordings[2], tmp_path / "mended", f"part{number}", repaired_from="noise-2.mp4")
        )
        for number in (1, 2)
    ]
    padded(pieces[1])  # or the two would be one content
    with Project.open(project_folder) as project:
        report = import_recordings(project, pieces, ImportOptions(decode=False))
    assert len(report.imported) == 2
    assert chosen(project_folder, held_out=("noise-2",)) == TWO_LEFT
    assert chosen(project_folder, held_out=("part2",)) == ({"noise-0", "noise-1"}, {"part2"})
    for seed in range(6):
        taught, held_out = chosen(project_folder, held_out_share=0.3, seed=seed)
        family = {"noise-2", "part1", "part2"}
        assert family <= taught or family <= held_out


def test_recordings_that_share_nothing_but_a_file_name_may_be_on_both_sides(noise_recordings, tmp_path):
    first = copy_of(noise_recordings[0], tmp_path / "one", "take")
    second = copy_of(noise_recordings[1], tmp_path / "two", "take")
    opened = [Recording.open(first), Recording.open(second)]
    assert group_by_play(opened) == [0, 1]
    demand_apart(opened[:1], opened[1:])


def test_settings_that_put_one_recording_on_both_sides_are_refused(project_folder, noise_recordings):
    path = os.path.relpath(noise_recordings[2], project_folder)
    with pytest.raises(StudioError, match="shows the same play"):
        chosen(project_folder, overrides=(f"data.recordings=[noise-0, {path}]",), held_out=("noise-2",))


def test_a_run_whose_settings_were_edited_by_hand_is_refused_too(project_folder, noise_recordings):
    path = os.path.relpath(noise_recordings[2], project_folder)
    settings = f"data:\n  recordings: [noise-0, {path}]\n  held_out: [noise-2]\ntraining:\n  steps: 1\n"
    run_dir = create_run(project_folder / "runs", "idm", settings)
    start(run_dir)
    record = wait(run_dir, timeout=120)
    assert record.state is RunState.FAILED
    assert record.cause is not None
    assert "shows the same play" in record.cause.sentence


def test_what_belongs_together_is_split_together():
    names = [f"take-{number}" for number in range(9)]
    groups = {name: number // 3 for number, name in enumerate(names)}
    for seed in range(10):
        teaching, held_out = split(names, 0.34, seed, groups)
        assert len(held_out) == 3
        assert len({groups[name] for name in held_out}) == 1
        assert sorted(teaching + held_out) == names
