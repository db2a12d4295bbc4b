"""Bringing recordings into the open project: in a process of its own, with one report at the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ui.studio import Studio
from ui.studio_commands import run_command
from vpt_studio.recordings.source import Source

_NAMED = 3


def import_files(studio: Studio, folder: Path, paths: list[Path], source: Source | None = None) -> None:
    """Import `paths` into the project in `folder`, and tell what came in.

    Args:
        studio: What runs it.
        folder: The project's.
        paths: Files, folders, index files and bundles of takes.
        source: Who plays in them, except in bundles; None leaves it to the files.
    """
    bundles = [path for path in paths if path.suffix.lower() == ".zip" and not path.is_dir()]
    others = [path for path in paths if path not in bundles]
    chosen = [] if source is None else ["--source", source.value]
    if others:
        _import(studio, folder, ["recordings", "import", *chosen], others)
    if bundles:
        _import(studio, folder, ["takes", "import"], bundles)


def _import(studio: Studio, folder: Path, command: list[str], paths: list[Path]) -> None:
    def done(answer: Mapping[str, Any]) -> None:
        text, something_is_wrong = summary(answer)
        project = studio.session.project
        imported = list(answer["imported"])
        can_show = bool(imported) and project is not None and project.folder == folder
        studio.session.notices.tell(
            text,
            "warn" if something_is_wrong else "ok",
            action="Show" if can_show else "",
            run=(lambda: studio.go("library", select=imported)) if can_show else None,
            details="\n".join(map(_problem_in_words, (*answer["left_out"], *answer["flaws"]))),
        )

    name = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
    run_command(
        studio,
        f"Import {name}",
        # Absolute, so that no name is taken for an option.
        [*command, "--project", str(folder), *(str(path.absolute()) for path in paths)],
        done,
        ended=lambda: studio.session.changed("recordings"),
        lane="import",
    )


def summary(answer: Mapping[str, Any]) -> tuple[str, bool]:
    """What an import did, in words, and whether something was left out."""
    parts = [f"{len(answer['imported'])} in"]
    known = [entry["name"] for entry in answer["already_there"]]
    if known:
        parts.append(f"{len(known)} already there ({_some(known)})")
    left = [f"{problem['file']}: {problem['what']}" for problem in answer["left_out"]]
    if left:
        parts.append(f"{len(left)} left out ({_some(left, '; ')})")
    return ", ".join(parts) + ".", bool(left)


def _some(names: list[str], between: str = ", ") -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return between.join(names[:_NAMED]) + more


def _problem_in_words(problem: Mapping[str, str]) -> str:
    place = f", {problem['place']}" if problem["place"] else ""
    return f"{problem['file']}{place}: {problem['what']}. {problem['mend']}."
