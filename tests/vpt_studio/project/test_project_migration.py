"""Bringing a project up to date: all or nothing, once, after a backup, and never by an older version."""

import shutil
import sqlite3
import subprocess
import sys

import pytest

from vpt_studio.errors import StudioError
from vpt_studio.project import Project

# A later version of the program: the same code with one migration more, which does what `work` says.
LATER_VERSION = """
import os, resource, shutil, signal, sqlite3, sys
from vpt_studio.errors import StudioError
from vpt_studio.project import Project
from vpt_studio.project.schema import MIGRATIONS

folder = sys.argv[1]

def fill(db, rows):
    db.execute("CREATE TABLE votes (id INTEGER PRIMARY KEY, text TEXT) STRICT")
    for number in range(rows):
        db.execute("INSERT INTO votes VALUES (?, ?)", [number, "x" * 1000])

def kill():
    os.kill(os.getpid(), signal.SIGKILL)

@MIGRATIONS()
def m002_votes(db):
    {work}

{then}
"""


def later_version(work, then="Project.open(folder).close()"):
    return LATER_VERSION.format(work=work, then=then)


def tables(folder):
    with sqlite3.connect(folder / "project.db") as database:
        found = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    database.close()
    return found


@pytest.fixture
def closed_project(folder, put_recording):
    """A project with one recording, closed."""
    with Project.create(folder, "Forest") as project:
        put_recording(project)
        for copy in project.backups():
            copy.path.unlink()
    return folder


def run(process):
    told, complaint = process.communicate()
    assert process.returncode == 0, complaint
    return told


def test_a_later_version_migrates_after_a_backup(closed_project, other_process):
    run(other_process(later_version("fill(db, 10)"), closed_project))
    assert "votes" in tables(closed_project)
    (copy,) = (path for path in (closed_project / "backups").iterdir() if "migration" in path.name)
    with sqlite3.connect(copy) as database:
        assert database.execute("SELECT id FROM recordings").fetchall() == [("take",)]
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
    database.close()


@pytest.mark.parametrize("end", ["Project.open(folder).close()", "Project.open(folder); kill()"])
def test_a_project_of_a_later_version_is_refused_and_not_touched(
    closed_project, other_process, contents, end
):
    other_process(later_version("fill(db, 10)", end), closed_project).wait()
    before = contents(closed_project)
    with pytest.raises(StudioError, match=r"newer version .* \(format 2; this one knows up to 1\)"):
        Project.open(closed_project)
    assert contents(closed_project) == before


HOLDS_IT_OPEN = """
import sys
from vpt_studio.project import Project

project = Project.open(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""


def test_a_later_version_is_known_by_the_log_alone(closed_project, other_process, contents):
    """While others hold the database open a migration is in the write-ahead log only."""
    holder = other_process(HOLDS_IT_OPEN, closed_project)
    assert holder.stdout.readline() == "open\n"
    other_process(later_version("fill(db, 10)", "Project.open(folder); kill()"), closed_project).wait()
    holder.kill()
    holder.wait()
    before = contents(closed_project)
    assert (closed_project / "project.db-wal").stat().st_size > 0
    with pytest.raises(StudioError, match="newer version"):
        Project.open(closed_project)
    assert contents(closed_project) == before


def test_a_migration_nobody_knows_is_refused_whatever_the_number(closed_project, contents):
    with sqlite3.connect(closed_project / "project.db") as database:
        database.execute("UPDATE _sqlite_migrations SET name = 'm001_of_another_branch'")
    database.close()
    before = contents(closed_project)
    with pytest.raises(StudioError, match="newer version"):
        Project.open(closed_project)
    assert contents(closed_project) == before


def test_a_migration_that_is_killed_leaves_the_project_as_it_was(closed_project, other_process):
    killed = other_process(later_version("fill(db, 5000); kill()"), closed_project)
    assert killed.wait() == -9
    with Project.open(closed_project) as project:
        assert [row.id for row in project.recordings()] == ["take"]
        assert project.check().healthy
    assert "votes" not in tables(closed_project)
    run(other_process(later_version("fill(db, 10)"), closed_project))
    assert "votes" in tables(closed_project)


@pytest.mark.parametrize(
    ("work", "told"),
    [
        ("fill(db, 10); db.execute('NO SQL')", 'could not be brought up to date (near "NO": syntax error)'),
        (
            "fill(db, 10); raise ValueError('no such label')",
            "could not be brought up to date (no such label)",
        ),
        (
            "db.execute('UPDATE recording_tags SET recording_id = 1'); "
            "db.execute(\"INSERT INTO recording_tags VALUES ('ghost', 'cave')\")",
            "could not be brought up to date (recording_tags has loose ends)",
        ),
    ],
)
def test_a_migration_that_fails_leaves_the_project_as_it_was(closed_project, other_process, work, told):
    then = "try:\n    Project.open(folder)\nexcept StudioError as error:\n    print(error)"
    assert told in run(other_process(later_version(work, then), closed_project))
    assert "votes" not in tables(closed_project)
    with Project.open(closed_project) as project:
        assert [row.id for row in project.recordings()] == ["take"]
        assert project.check().healthy


def test_a_creation_that_is_killed_is_told_and_taken_up(folder, other_process):
    killed = other_process(
        later_version("fill(db, 5000); kill()", "Project.create(folder, 'Forest')"), folder
    )
    assert killed.wait() == -9
    with pytest.raises(StudioError, match="making it was interrupted"):
        Project.open(folder)
    with Project.create(folder, "Forest") as project:
        assert project.check().healthy
    assert "votes" not in tables(folder)


def test_processes_that_open_at_once_migrate_once(closed_project, other_process):
    code = later_version(
        "fill(db, 2000)", "print('ready', flush=True); sys.stdin.readline(); Project.open(folder).close()"
    )
    processes = [other_process(code, closed_project) for _ in range(3)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        run(process)
    with sqlite3.connect(closed_project / "project.db") as database:
        assert database.execute("SELECT count(*) FROM votes").fetchone() == (2000,)
        assert database.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (2,)
    database.close()
    assert len([path for path in (closed_project / "backups").iterdir() if "migration" in path.name]) == 1


TOO_LARGE = """
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    Project.open(folder)
except StudioError as error:
    print(error)
"""


def test_a_disk_that_fails_during_a_migration_leaves_the_project_as_it_was(closed_project, other_process):
    told = run(other_process(later_version("fill(db, 50_000)", TOO_LARGE), closed_project))
    assert "the disk reported an error" in told or "the disk is full" in told
    assert "votes" not in tables(closed_project)
    with Project.open(closed_project) as project:
        assert project.check().healthy


ON_A_SMALL_DISK = """
made = os.path.join(folder, "forest")
project = Project.create(made, "Forest")
open(os.path.join(made, "recordings", "take.mp4"), "wb").close()
from vpt_studio.project import RecordingRow
project.add_recording(RecordingRow("take", "recordings/take.mp4", 1, 1, 640, 360))
project.close()

@MIGRATIONS()
def m003_large(db):
    db.execute("CREATE TABLE large (a BLOB) STRICT")
    db.execute("INSERT INTO large VALUES (zeroblob(50000000))")

def attempt():
    before = open(os.path.join(made, "project.db"), "rb").read()
    try:
        Project.open(made)
    except StudioError as error:
        print(error.what)
    assert open(os.path.join(made, "project.db"), "rb").read() == before

attempt()  # the backup fits, the migration does not
with open(os.path.join(made, "filler"), "wb", buffering=0) as filler:
    try:
        while True:
            filler.write(bytes(4096))
    except OSError:
        pass
attempt()  # not even the backup fits
os.unlink(os.path.join(made, "filler"))
MIGRATIONS._migrations.pop()
print([row.id for row in Project.open(made).recordings()])
"""


def test_a_full_disk_refuses_the_migration_and_changes_nothing(tmp_path, other_process):
    """On a real small disk: a tmpfs in a mount namespace of its own."""
    mount = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    can_mount = 'mount -t tmpfs -o size=4m none "$0"'
    able = shutil.which("unshare") and not subprocess.run([*mount, can_mount, tmp_path]).returncode
    if not able:
        pytest.skip("this system lets nobody mount a small disk")
    process = other_process(
        "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])",
        *mount,
        can_mount + ' && exec "$1" -c "$2" "$0"',
        tmp_path,
        sys.executable,
        later_version("pass", ON_A_SMALL_DISK),
    )
    assert run(process).splitlines() == ["the disk is full", "the disk is full", "['take']"]
