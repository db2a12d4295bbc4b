"""What the window does about a take that waits: has it checked, mended, brought back and handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from recorder.takes.reason import Mend
from recorder.takes.waiting import Take
from ui.studio import Studio
from ui.studio_commands import run_command
from ui.undo import Over, Step
from ui.verdict_words import done_in_words
from vpt_studio.errors import StudioError

_LANE = "mending"

Failed = Callable[[StudioError], None]


class TakeMends:
    """Runs the commands for one verdict; each is a process of its own."""

    def __init__(self, studio: Studio, changed: Callable[[], None]) -> None:
        """`changed` is called when other takes may be waiting."""
        self._studio, self._changed = studio, changed

    def check(
        self,
        take: Take,
        then: Callable[[dict[str, Any]], None],
        failed: Failed,
        cancelled: Callable[[], None],
    ) -> None:
        """Have all of it looked at; one of the three is called."""
        is_answered = False

        def answered(tell: Callable[[Any], None], answer: Any) -> None:
            nonlocal is_answered
            is_answered = True
            tell(answer)

        command = ["takes", "check", take.name, "--project", str(take.folder.parent)]
        run_command(
            self._studio,
            f"Checking {take.name}",
            command,
            lambda answer: answered(then, answer["takes"][take.name]),
            failed=lambda error: answered(failed, error),
            ended=lambda: None if is_answered else cancelled(),
        )

    def mend(
        self,
        take: Take,
        mend: Mapping[str, Any],
        mended: Callable[[str], None],
        restored: Callable[[str], None],
        ended: Callable[[], None],
    ) -> None:
        """Mend it, in a way that can be taken back.

        Args:
            take: The take.
            mend: What to do, as a reason has it.
            mended: Called with the name of the take there is now; the first one where there are several.
            restored: Called with its name once it was taken back.
            ended: Called last, whatever came of it.
        """
        notices = self._studio.session.notices
        project = str(take.folder.parent)

        def done(answer: dict[str, Any]) -> None:
            original = str(answer["original"])

            def take_back(over: Over) -> None:
                self._restore(project, original, restored, over)

            step = Step(f"{mend['do']} {take.name}", take_back)
            self._studio.session.undo.did(step)
            notices.tell(
                done_in_words(mend, take.name),
                "ok",
                action="Undo",
                run=lambda: self._studio.undo(step),
                about=step,
            )
            self._changed()
            mended(str(answer["takes"][0]["take"]))

        run_command(
            self._studio,
            f"Mending {take.name}",
            [*Mend.from_json(mend).command(take.name), "--project", project],
            done,
            failed=notices.tell_failure,
            ended=ended,
            lane=_LANE,
        )

    def _restore(self, project: str, original: str, restored: Callable[[str], None], over: Over) -> None:
        def back(answer: dict[str, Any]) -> None:
            self._changed()
            restored(str(answer["take"]["take"]))
            over(True)

        def fail(error: StudioError) -> None:
            self._studio.session.notices.tell_failure(error)
            over(False)

        run_command(
            self._studio,
            "Bringing the take back",
            ["takes", "restore", original, "--project", project],
            back,
            failed=fail,
            lane=_LANE,
        )

    def export(
        self, take: Take, folder: Path, then: Callable[[Path], None], ended: Callable[[], None]
    ) -> None:
        """Write it into a bundle in `folder`; `then` is called with the bundle, `ended` last in any case."""
        command = ["takes", "export", take.name, "--to", str(folder), "--project", str(take.folder.parent)]
        run_command(
            self._studio,
            f"Handing in {take.name}",
            command,
            lambda answer: then(Path(answer["bundle"])),
            failed=self._studio.session.notices.tell_failure,
            ended=ended,
            lane="import",
        )
