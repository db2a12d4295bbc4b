"""Several processes, and processes that die, share one project."""

from vpt_studio.project import Project

WRITER = """
import sys
from vpt_studio.project import Project, RecordingRow
from vpt_studio.recordings.health import Health

folder, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    with Project.open(folder) as project:
        stem = project.reserve_recording_id("take")
        video = project.layout.recording_places(stem).video
        project.layout.path_of(video).touch(exist_ok=False)
        row = project.add_recording(RecordingRow(stem, video, 1, 1, 640, 360, person=name))
        assert row.id == stem
        project.update_health(row.id, Health.HEALTHY)
        project.set_tags(row.id, [name])
        assert project.recording(row.id).person == name
"""


def start_together(processes):
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()


def test_four_writers_at_once_lose_nothing(project, other_process):
    writers = [other_process(WRITER, project.layout.folder, name, 15) for name in "abcd"]
    start_together(writers)
    for writer in writers:
        _, complaint = writer.communicate()
        assert writer.returncode == 0, complaint
    assert project.count_recordings() == 60
    assert project.tag_counts() == {"a": 15, "b": 15, "c": 15, "d": 15}
    assert project.recording_counts().by_health == {"healthy": 60}
    assert project.check().healthy


BUSY_WRITER = """
import sys
from vpt_studio.project import Project, RecordingRow

with Project.open(sys.argv[1]) as project:
    number = 0
    while True:
        number += 1
        stem = f"take-{number:06}"
        video = project.layout.recording_places(stem).video
        project.layout.path_of(video).touch()
        project.add_recording(RecordingRow(stem, video, 1, 1, 640, 360))
        print(stem, flush=True)
"""


def test_what_was_written_before_a_kill_is_there_afterwards(folder, other_process):
    Project.create(folder, "Forest").close()
    writer = other_process(BUSY_WRITER, folder)
    told = [writer.stdout.readline().strip() for _ in range(40)]
    writer.kill()
    told += writer.stdout.read().split()
    writer.wait()
    with Project.open(folder) as project:
        present = {row.id for row in project.recordings(limit=1_000_000)}
        assert {stem for stem in told if len(stem) == len("take-000001")} <= present
        report = project.check()
        assert report.database == ()
        assert report.media == ()
        assert project.reserve_recording_id("next") == "next"
