"""Changes of recordings that can be taken back: tags, and the trash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from ui.library_model import Outcome, remove, restore, retag
from ui.studio import Studio
from ui.undo import Over, Step
from vpt_studio.errors import StudioError
from vpt_studio.project import Project


class RecordingEdits:
    """Changes recordings of the open project, tells what could not be changed, and remembers how it was."""

    def __init__(self, studio: Studio, brought_back: Callable[[list[str]], None]) -> None:
        """`brought_back` is told which recordings have come back from the trash."""
        self._studio = studio
        self._brought_back = brought_back

    def retag(self, wanted: Mapping[str, tuple[str, ...]]) -> None:
        """Give recordings these tags."""

        def remember(outcome: Outcome) -> None:
            again = {recording: wanted[recording] for recording in outcome.changed}
            self._studio.session.undo.did(
                Step(
                    f"tag {counted(len(again))}",
                    partial(self._change, partial(retag, tags=outcome.changed)),
                    partial(self._change, partial(retag, tags=again)),
                )
            )

        self._change(partial(retag, tags=wanted), done=remember)

    def trash(self, recordings: list[str]) -> None:
        """Move recordings to the trash."""
        inside: list[str] = []

        def moved(outcome: Outcome) -> None:
            inside.extend(outcome.changed)
            self._studio.session.notices.tell(
                f"Moved {counted(len(outcome.changed))} to the trash.",
                "ok",
                action="Undo",
                run=lambda: self._studio.undo(step),
                about=step,
            )

        def back(outcome: Outcome) -> None:
            inside[:] = [recording for recording in inside if recording not in outcome.changed]
            self._brought_back(list(outcome.changed))

        def take_back(over: Over) -> None:
            self._change(partial(restore, recordings=tuple(inside)), over, done=back)

        def move_again(over: Over) -> None:
            again = [recording for recording in recordings if recording not in inside]
            self._change(partial(remove, recordings=again), over, done=moved)

        def remember(outcome: Outcome) -> None:
            self._studio.session.undo.did(step)
            moved(outcome)

        step = Step(f"move {counted(len(recordings))} to the trash", take_back, move_again)
        self._change(partial(remove, recordings=recordings), done=remember)

    def bring_back(self, recordings: list[str]) -> None:
        """Bring recordings back from the trash."""

        def remember(outcome: Outcome) -> None:
            back = list(outcome.changed)
            self._brought_back(back)
            self._studio.session.undo.did(
                Step(
                    f"bring back {counted(len(back))}",
                    partial(self._change, partial(remove, recordings=back)),
                    partial(self._change, partial(restore, recordings=back)),
                )
            )
            self._studio.session.notices.tell(f"{counted(len(back)).capitalize()} brought back.", "ok")

        self._change(partial(restore, recordings=recordings), done=remember)

    def _change(
        self,
        change: Callable[[Project], Outcome],
        over: Over = lambda _worked: None,
        *,
        done: Callable[[Outcome], None] = lambda _outcome: None,
    ) -> None:
        session = self._studio.session

        def tell(outcome: Outcome) -> None:
            if outcome.changed:
                done(outcome)
                session.changed("recordings")
            if outcome.failure is not None:
                session.notices.tell_failure(outcome.failure)
            over(outcome.failure is None)

        def failed(error: StudioError) -> None:
            session.notices.tell_failure(error)
            over(False)

        self._studio.desk.change(change, tell, failed=failed)


def counted(count: int) -> str:
    """So many recordings, in words."""
    return "1 recording" if count == 1 else f"{count:,} recordings"
