"""The command line as a person meets it, each command in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import main

REPOSITORY = Path(main.__file__).resolve().parent


@pytest.fixture
def vpt_studio(tmp_path):
    """Run ``vpt-studio …`` in an empty folder; returns the finished process."""
    here = tmp_path / "here"
    here.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "VPT_STUDIO_PROJECT"}

    def run(*arguments, project=None, **more):
        own = {**environment, **more, **({} if project is None else {"VPT_STUDIO_PROJECT": str(project)})}
        command = [sys.executable, str(REPOSITORY / "main.py"), *map(str, arguments)]
        return subprocess.run(
            command, cwd=here, env=own, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
        )

    return run


@pytest.fixture
def forest(tmp_path):
    """A project, closed."""
    from vpt_studio.project import Project

    Project.create(tmp_path / "forest", "Forest").close()
    return tmp_path / "forest"


@pytest.fixture
def inbox(tmp_path, make_recording, a_walking_tick):
    """A healthy recording, a flawed one and a broken one."""
    make_recording(tmp_path / "inbox", "a-fine", 40)
    lines = [a_walking_tick(number) for number in range(44)]
    lines[9] = b"{\n"
    make_recording(tmp_path / "inbox", "b-flawed", 44, lines)
    (tmp_path / "inbox" / "c-broken.mp4").write_bytes(b"no video")
    return tmp_path / "inbox"


def one_line(text):
    lines = text.splitlines()
    assert len(lines) == 1, text
    return lines[0]


def test_import_list_show_and_validate_as_a_person_does(vpt_studio, forest, inbox):
    done = vpt_studio("recordings", "import", inbox, "--source", "human", project=forest)
    assert done.returncode == 3, done.stderr
    assert done.stdout == "2 in (4 s), 1 left out, see above\n"
    told = done.stderr.splitlines()
    assert len(told) == 2
    assert told[0].startswith("c-broken.mp4: the video cannot be read (")
    assert told[1].startswith("b-flawed.jsonl, line 10: the line is not valid JSON.")

    again = vpt_studio("recordings", "import", inbox / "a-fine.mp4", "--json", project=forest)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["already_there"] == [{"name": "a-fine", "id": "a-fine"}]

    listed = vpt_studio("recordings", "list", "--json", project=forest)
    rows = json.loads(listed.stdout)["recordings"]
    assert [(row["id"], row["source"], row["health"]) for row in rows] == [
        ("b-flawed", "human", "flawed"),
        ("a-fine", "human", "healthy"),
    ]
    text = vpt_studio("recordings", "list", "--health", "flawed", project=forest).stdout
    assert "b-flawed" in text
    assert "flawed (lines damaged)" in text
    assert "a-fine" not in text

    shown = json.loads(vpt_studio("recordings", "show", "b-flawed", "--json", project=forest).stdout)
    assert (shown["ticks"], shown["unknown_ticks"], shown["source"]) == (44, 1, "human")
    assert shown["held_share"]["forward"] == pytest.approx(23 / 43)
    assert shown["null_share"] == 0
    assert shown["mouse_share"] == 1
    assert "forward 53.5%" in vpt_studio("recordings", "show", "b-flawed", project=forest).stdout
    tick = json.loads(
        vpt_studio("recordings", "show", "a-fine", "--tick", 3, "--json", project=forest).stdout
    )
    assert tick["tick"]["pressed"] == ["forward"]
    assert tick["tick"]["yaw"] == pytest.approx(1.65)

    checked = vpt_studio("recordings", "validate", "a-fine", project=forest)
    assert (checked.returncode, checked.stdout) == (0, "a-fine: healthy, 2 s\n")
    checked = vpt_studio("recordings", "validate", inbox, "--json")
    assert checked.returncode == 3
    verdicts = json.loads(checked.stdout)["recordings"].values()
    assert [verdict["health"] for verdict in verdicts] == ["healthy", "flawed", "broken"]


def test_a_quick_import_is_unchecked_until_validate_stores_the_verdict(
    vpt_studio, forest, inbox, spoil_pictures, make_recording
):
    spoil_pictures(make_recording(inbox / "later", "spoilt", 60, size=(320, 180)))
    done = vpt_studio("recordings", "import", inbox / "later", "--quick", project=forest)
    assert done.returncode == 0, done.stderr
    assert "unchecked" in vpt_studio("recordings", "list", project=forest).stdout
    assert vpt_studio("recordings", "validate", "spoilt", "--quick", project=forest).returncode == 0
    checked = vpt_studio("recordings", "validate", "spoilt", project=forest)
    assert checked.returncode == 3, checked.stderr
    assert "flawed (frames missing)" in vpt_studio("recordings", "list", project=forest).stdout


def test_validating_by_path_stores_the_verdict_too(forest, inbox, monkeypatch):
    from vpt_studio.project import Project
    from vpt_studio.recordings.health import Health

    monkeypatch.setenv("VPT_STUDIO_PROJECT", str(forest))
    CliRunner().invoke(main.cli, ["recordings", "import", str(inbox / "b-flawed.mp4"), "--quick"])
    done = CliRunner().invoke(main.cli, ["recordings", "validate", str(forest / "recordings")])
    assert done.exit_code == 3, done.stderr
    with Project.open(forest) as project:
        row = project.recording("b-flawed")
    assert (row.health, row.health_reason, row.problems) == (Health.FLAWED, "Lines damaged", 1)


def test_where_there_are_no_recordings_it_is_said(forest, tmp_path, monkeypatch):
    monkeypatch.setenv("VPT_STUDIO_PROJECT", str(forest))
    (tmp_path / "empty").mkdir()
    (tmp_path / "all.json").write_text('{"relpaths": []}')
    for place in (tmp_path / "empty", tmp_path / "all.json"):
        done = CliRunner().invoke(main.cli, ["recordings", "validate", str(place)])
        assert (done.exit_code, done.stdout) == (1, "")
        assert "there are no recordings in" in one_line(done.stderr)
        done = CliRunner().invoke(main.cli, ["recordings", "import", str(place)])
        assert done.exit_code == 3
        assert "0 in (0 s): there are no recordings in" in one_line(done.stdout)


def test_files_of_one_name_in_two_folders_can_be_told_apart(forest, tmp_path, make_recording, a_tick):
    for number, folder in enumerate(("a", "b")):
        lines = [a_tick(number) for number in range(30 + number)]
        lines[9] = b"{\n"
        make_recording(tmp_path / "inbox" / folder, "take", 30 + number, lines)
    arguments = ["recordings", "import", str(tmp_path / "inbox"), "--project", str(forest)]
    done = CliRunner().invoke(main.cli, arguments)
    assert [line.split(",")[0] for line in done.stderr.splitlines()] == ["a/take.jsonl", "b/take.jsonl"]
    done = CliRunner().invoke(main.cli, ["recordings", "validate", str(tmp_path / "inbox")])
    assert [line.split(":")[0].strip() for line in done.stdout.splitlines()] == [
        "a/take", "a/take.jsonl, line 10", "b/take", "b/take.jsonl, line 10",
    ]  # fmt: skip


def shown(*arguments):
    return CliRunner().invoke(main.cli, ["recordings", "show", *map(str, arguments)])


def test_a_damaged_tick_is_unknown_not_empty(inbox, forest, monkeypatch):
    monkeypatch.setenv("VPT_STUDIO_PROJECT", str(forest))
    text = shown(inbox / "b-flawed.mp4", "--tick", 9).stdout
    assert "action  unknown: the line is damaged" in text
    assert "yaw" not in text
    tick = json.loads(shown(inbox / "b-flawed.mp4", "--tick", 9, "--json").stdout)["tick"]
    assert (tick["known"], tick["pressed"], tick["pitch"], tick["yaw"]) == (False, None, None, None)
    assert tick["line"] == "{"
    lines = (inbox / "b-flawed.jsonl").read_text().splitlines()
    assert f"line    {lines[3]}" in shown(inbox / "b-flawed.mp4", "--tick", 3).stdout.splitlines()


def test_a_video_without_actions_has_none_to_show(tmp_path, make_recording):
    path = make_recording(tmp_path, "web", 4, lines=None)
    done = shown(path, "--tick", 0)
    assert done.exit_code == 1
    assert "this recording has no actions" in one_line(done.stderr)
    done = shown(path, "--overlay", tmp_path / "film.mp4")
    assert (done.exit_code, "no actions" in one_line(done.stderr)) == (0, True)


def test_show_tells_the_health_that_the_project_knows(inbox, forest, monkeypatch):
    monkeypatch.setenv("VPT_STUDIO_PROJECT", str(forest))
    assert "health        unchecked" in shown(inbox / "b-flawed.mp4").stdout
    CliRunner().invoke(main.cli, ["recordings", "import", str(inbox / "b-flawed.mp4")])
    assert "health        flawed (lines damaged)" in shown("b-flawed").stdout
    assert json.loads(shown("b-flawed", "--json").stdout)["health"] == "flawed"


def test_predictions_of_another_video_are_refused(inbox, tmp_path):
    arguments = ("--overlay", tmp_path / "film.mp4", "--predictions")
    done = shown(inbox / "a-fine.mp4", *arguments, inbox / "b-flawed.mp4")
    assert done.exit_code == 1
    assert "these are predictions of another video" in one_line(done.stderr)
    same = tmp_path / "same.mp4"
    same.write_bytes((inbox / "a-fine.mp4").read_bytes())
    same.with_suffix(".jsonl").write_bytes((inbox / "a-fine.jsonl").read_bytes())
    assert shown(inbox / "a-fine.mp4", *arguments, same, "--stop", 2).exit_code == 0


def test_repair_export_thumbnail_and_overlay_write_where_they_are_told(vpt_studio, inbox, tmp_path):
    out = tmp_path / "out"
    repaired = vpt_studio(
        "recordings", "repair", inbox / "b-flawed.mp4", "--out", out, "--shortest", "0.1", "--json"
    )
    assert repaired.returncode == 0, repaired.stderr
    assert json.loads(repaired.stdout)["ticks"] == 43
    exported = vpt_studio(
        "recordings", "export", inbox / "a-fine.mp4", "--out", out, "--stop", "10", "--json"
    )
    assert json.loads(exported.stdout)["exported"][0]["ticks"] == 10
    small = vpt_studio("recordings", "thumbnail", inbox / "a-fine", "--out", out / "small.png", "--json")
    assert json.loads(small.stdout) == {"thumbnail": (out / "small.png").as_posix()}
    film = vpt_studio(
        "recordings", "show", inbox / "a-fine.mp4", "--overlay", out / "film.mp4", "--stop", "5"
    )
    assert film.returncode == 0, film.stderr
    assert sorted(path.name for path in out.iterdir()) == [
        "a-fine.jsonl", "a-fine.mp4", "b-flawed-part1.json", "b-flawed-part1.jsonl", "b-flawed-part1.mp4",
        "b-flawed-part2.json", "b-flawed-part2.jsonl", "b-flawed-part2.mp4", "film.mp4", "small.png",
    ]  # fmt: skip


def test_one_recording_that_cannot_be_exported_does_not_hold_up_the_others(vpt_studio, inbox, tmp_path):
    names = [inbox / "a-fine.mp4", inbox / "c-broken.mp4", inbox / "gone.mp4", inbox / "b-flawed.mp4"]
    done = vpt_studio("recordings", "export", *names, "--out", tmp_path / "out", "--json")
    assert done.returncode == 3, done.stderr
    told = json.loads(done.stdout)
    assert [Path(entry["video"]).name for entry in told["exported"]] == ["a-fine.mp4", "b-flawed.mp4"]
    assert [Path(entry["where"]).name for entry in told["left_out"]] == ["c-broken.mp4", "gone.mp4"]
    again = vpt_studio("recordings", "export", *names[:2], "--out", tmp_path / "out")
    assert (again.returncode, again.stdout) == (1, "0 exported, 2 left out, see above\n")
    assert [line.split(": ")[0] for line in again.stderr.splitlines()] == ["Left out", "Left out"]


def test_a_reference_is_imported_without_a_copy(vpt_studio, forest, inbox):
    done = vpt_studio(
        "recordings", "import", inbox / "a-fine.mp4", "--reference", "--project", forest, "--json"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["imported"] == ["a-fine"]
    assert [path.name for path in (forest / "recordings").iterdir()] == ["a-fine.json"]
    (row,) = json.loads(vpt_studio("recordings", "list", "--json", project=forest).stdout)["recordings"]
    assert row["video"] == "../inbox/a-fine.mp4"


ERRORS = [
    ("recordings list", "there is no project here or in any folder above"),
    ("recordings show gone", "there is no such recording on disk, and no project here"),
    ("recordings show {inbox}/c-broken.mp4", "the video cannot be read"),
    ("recordings show {inbox}", "this is a folder, not a recording"),
    ("recordings show {inbox}/a-fine.mp4 --tick 40", "its ticks go from 0 to 39"),
    (f"recordings show {'n' * 5000}", "no such recording"),
    (
        "recordings show {inbox}/a-fine.mp4 --overlay x.mp4 --start 9 --stop 3",
        "there are no ticks from 9 to 3",
    ),
    ("recordings show {inbox}/a-fine.mp4 --overlay ../x.txt", "a film cannot be written as .txt"),
    ("recordings export {inbox}/a-fine.mp4 --out {inbox}", "the file is already there"),
    ("recordings export {inbox}/a-fine.mp4 --out /proc/out", "the folder cannot be made"),
    ("recordings thumbnail {inbox}/a-fine.mp4 --out gone/a.png", "no such folder"),
    ("recordings repair {inbox}/b-flawed.mp4 --out o --shortest 99", "no stretch of 99 s"),
]


@pytest.mark.parametrize(("command", "words"), ERRORS)
def test_an_error_is_one_clear_line_and_one_object_in_json(inbox, tmp_path, monkeypatch, command, words):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VPT_STUDIO_PROJECT", raising=False)
    arguments = command.replace("{inbox}", str(inbox)).split(" ")
    done = CliRunner().invoke(main.cli, arguments)
    assert (done.exit_code, done.stdout) == (1, ""), done.stderr
    assert words in one_line(done.stderr)
    assert one_line(done.stderr).startswith("Error: ")
    done = CliRunner().invoke(main.cli, [*arguments, "--json"])
    assert (done.exit_code, done.stderr) == (1, "")
    assert words in json.loads(done.stdout)["error"]["what"]


def test_an_error_reaches_the_shell_as_a_line_and_a_status(vpt_studio):
    done = vpt_studio("recordings", "show", "gone")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no such recording" in one_line(done.stderr)


def test_names_that_are_no_text_or_move_the_cursor_are_shown_harmlessly(
    vpt_studio, forest, tmp_path, make_recording
):
    folder = tmp_path / "odd"
    for frames, name in enumerate(("\x1b[2Jred\nline", os.fsdecode(b"\xff\xfe")), 30):
        make_recording(tmp_path / "plain", "take", frames)
        folder.mkdir(exist_ok=True)
        for suffix in (".mp4", ".jsonl"):
            (tmp_path / "plain" / f"take{suffix}").rename(folder / f"{name}{suffix}")
        (folder / f"broken{name}.mp4").write_bytes(b"")
    imported = vpt_studio("recordings", "import", folder, "--project", forest, "--json")
    assert imported.returncode == 3, imported.stderr
    assert len(json.loads(imported.stdout)["imported"]) == 2
    checked = vpt_studio("recordings", "validate", folder)
    assert checked.returncode == 3, checked.stderr
    again = vpt_studio("recordings", "validate", folder, "--quick", "--json")
    assert len(json.loads(again.stdout)["recordings"]) == 4
    for done in (imported, checked, again):
        assert "\x1b" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    show = vpt_studio("recordings", "show", f"{folder}/{os.fsdecode(bytes([255, 254]))}.mp4")
    assert show.returncode == 0, show.stderr


def test_an_option_that_does_not_exist_is_a_usage_error(vpt_studio, forest):
    assert vpt_studio("recordings", "list", "--bogus").returncode == 2
    done = vpt_studio("recordings", "list", "--order", "colour", project=forest)
    assert done.returncode == 2
    assert "--order" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["recordings", "--help"], ["recordings", "import", "--help"], ["project", "--help"],
     ["project", "new", "--help"], ["studio", "--help"]],
)  # fmt: skip
def test_help_loads_no_torch_no_qt_and_no_decoder(tmp_path, arguments):
    code = (
        "import sys, main\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "try:\n    main.main()\n"
        "finally:\n    print('loaded:', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    *_, loaded = done.stdout.splitlines()
    assert "Usage:" in done.stdout
    assert not set(loaded.split()) & {"torch", "PySide6", "cv2", "av", "numba", "numpy", "sqlite3"}


def test_the_shells_completion_script_can_be_had(vpt_studio):
    done = vpt_studio(_VPT_STUDIO_COMPLETE="bash_source")
    assert done.returncode == 0, done.stderr
    assert "complete -o nosort -F _vpt_studio_completion vpt-studio" in done.stdout


def test_completion_knows_the_commands(vpt_studio):
    done = vpt_studio(
        _VPT_STUDIO_COMPLETE="bash_complete", COMP_WORDS="vpt-studio recordings ex", COMP_CWORD="2"
    )
    assert done.stdout == "plain,export\n"


@pytest.fixture
def two_takes(forest):
    """The project with two recordings, `old` in the trash and `take-1` not."""
    from vpt_studio.project import Project, RecordingRow

    with Project.open(forest) as project:
        for name in ("old", "take-1"):
            places = project.layout.recording_places(name)
            project.layout.path_of(places.video).write_bytes(name.encode())
            project.add_recording(RecordingRow(name, places.video, 20, 20, 640, 360))
        project.remove_recording("old")
    return forest


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("vpt-studio recordings show ta", ["plain,take-1"]),
        ("vpt-studio recordings trash ", ["plain,take-1"]),
        ("vpt-studio recordings restore o", ["plain,old"]),
        ("vpt-studio recordings validate zz", ["file,zz"]),
        ("vpt-studio recordings list --order ti", ["plain,ticks"]),
        ("vpt-studio recordings list --source hu", ["plain,human"]),
    ],
)
def test_completion_knows_ids_columns_and_sources(two_takes, words, completed):
    environment = {
        "_VPT_STUDIO_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
        "VPT_STUDIO_PROJECT": str(two_takes),
    }
    done = CliRunner().invoke(main.cli, prog_name="vpt-studio", env=environment)
    assert done.stdout.split() == completed


def test_what_is_trashed_can_be_listed_and_brought_back(two_takes, monkeypatch):
    monkeypatch.setenv("VPT_STUDIO_PROJECT", str(two_takes))

    def recordings(*words):
        done = CliRunner().invoke(main.cli, ["recordings", *words])
        return done.exit_code, done.stdout

    def listed(*words):
        return [row["id"] for row in json.loads(recordings("list", "--json", *words)[1])["recordings"]]

    assert listed("--trash") == ["old"]
    code, text = recordings("trash", "take-1", "gone")
    assert (code, text) == (3, "1 recording moved to the trash\n")
    assert (listed(), listed("--trash", "--order", "id")) == ([], ["old", "take-1"])
    assert recordings("restore", "old", "take-1") == (0, "2 recordings brought back\n")
    assert listed("--order", "-ticks") == ["take-1", "old"]
    assert "The trash is empty" in recordings("list", "--trash")[1]
    assert "None of the 2 fits" in recordings("list", "--search", "zzz")[1]
    assert recordings("trash", "gone")[0] == 1


def test_tags_are_given_taken_away_and_told(two_takes, monkeypatch):
    monkeypatch.setenv("VPT_STUDIO_PROJECT", str(two_takes))

    def tag(*words):
        done = CliRunner().invoke(main.cli, ["recordings", "tag", "take-1", *words])
        assert done.exit_code == 0, done.stderr
        return done.stdout

    assert tag("--add", "cave", "--add", "Night") == "take-1: cave, Night\n"
    assert tag("--remove", "night", "--add", "cave") == "take-1: cave\n"
    assert tag() == "take-1: cave\n"
    assert json.loads(tag("--remove", "cave", "--json")) == {"tags": {"take-1": []}, "left_out": []}


def test_version_is_told(vpt_studio):
    done = vpt_studio("--version")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("vpt-studio ")
