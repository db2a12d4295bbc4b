"""One process keeps a project open for long while others come and go."""

from __future__ import annotations

from vpt_studio.project import Project
from vpt_studio.project.opening import is_project

TELL_TAGS = """
import sys
from pathlib import Path
from vpt_studio.project import Project
with Project.open(Path(sys.argv[1])) as project:
    print(*project.recording("take").tags)
"""


def test_looking_whether_it_is_a_project_costs_no_locks(project, put_recording, other_process):
    put_recording(project)
    folder = project.layout.folder
    log = project.layout.database.with_name("project.db-wal")
    itself = log.stat().st_ino

    def tags_told_by_another():
        return other_process(TELL_TAGS, folder).communicate()[0].split()

    for number in range(2):
        assert is_project(folder)
        with Project.open(folder) as again:
            assert again.recording("take").id == "take"
        tags_told_by_another()
        assert log.stat().st_ino == itself  # the other process knew that it was not the last
        project.set_tags("take", [f"tag-{number}"])
        assert tags_told_by_another() == [f"tag-{number}"]
