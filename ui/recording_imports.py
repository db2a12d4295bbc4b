"""Bringing recordings into the open project: in the background, with one report at the end."""

from __future__ import annotations

from pathlib import Path

from ui.background import Task
from ui.studio import Studio
from vpt_studio.project import Project
from vpt_studio.project.importing import ImportOptions, ImportReport, import_recordings

_NAMED = 3


def import_files(
    studio: Studio, folder: Path, paths: list[Path], options: ImportOptions | None = None
) -> Task:
    """Import `paths` into the project in `folder`, and tell what came in."""

    def work(task: Task) -> ImportReport:
        with Project.open(folder) as opened:
            return import_recordings(
                opened,
                paths,
                options,
                announce=lambda count: task.step(0, count),
                tell=lambda name: task.step(note=name),
            )

    def done(report: ImportReport) -> None:
        text, severity = summary(report)
        project = studio.session.project
        can_show = bool(report.imported) and project is not None and project.folder == folder
        studio.session.notices.tell(
            text,
            "warn" if severity else "ok",
            action="Show" if can_show else "",
            run=(lambda: studio.go("library", select=[row.id for row in report.imported]))
            if can_show
            else None,
            details="\n".join(str(problem) for problem in (*report.left_out, *report.flaws)),
        )

    name = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
    return studio.background.run(
        work, done, ended=lambda: studio.session.changed("recordings"), lane="import", title=f"Import {name}"
    )


def summary(report: ImportReport) -> tuple[str, bool]:
    """What an import did, in words, and whether something was left out."""
    parts = [f"{len(report.imported)} in"]
    if report.known:
        parts.append(f"{len(report.known)} already there")
    left = [f"{problem.file}: {problem.what}" for problem in report.left_out]
    if left:
        more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
        parts.append(f"{len(left)} left out ({'; '.join(left[:_NAMED])}{more})")
    return ", ".join(parts) + ".", bool(left)
