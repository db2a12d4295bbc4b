"""What can be done on the page Record, and when it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.user_actions import UserAction, WhyNot

if TYPE_CHECKING:
    from ui.pages.record import RecordPage


def record_actions(page: RecordPage) -> list[UserAction]:
    """The actions of `page`, which may be a stand-in: nothing of it is called yet."""

    def no_world() -> str | None:
        return page.world.why_not

    def no_capture() -> str | None:
        return None if page.desktop.stage == "recording" else "No game on the desktop is recorded now."

    def no_check() -> str | None:
        return None if page.step == "check" else "Choose a window of the desktop first."

    def no_take() -> str | None:
        is_shown = page.take is not None and page.step == "verdict"
        return None if is_shown else "No take waits for a decision."

    def no_part() -> str | None:
        return no_take() or decision.content.part.why_not

    def jump(direction: int) -> None:
        if not decision.content.seek_mark(direction):
            side = "after" if direction > 0 else "before"
            page.studio.session.notices.tell(
                f"Nothing is marked {side} this place; F10 marks while you play."
            )

    def no_offer() -> str | None:
        return None if page.offer.take is not None else "No take waits."

    record, decision, offer = page.why_not_record, page.decision, page.offer
    part = decision.content.part
    made: list[tuple[str, str, Callable[[], object], tuple[str, ...], str, WhyNot]] = [
        ("toggle", "Start or stop recording", page.toggle_recording, ("F9",), "record", record),
        (
            "mark",
            "Mark this moment",
            lambda: page.desktop.do("mark"),
            ("F10",),
            "bookmark-simple",
            no_capture,
        ),
        ("cut", "Delete the last 2 minutes", lambda: page.desktop.do("cut"), ("F8",), "eraser", no_capture),
        ("sync", "Sync check", page.desktop.toggle_sync, ("S",), "timer", no_check),
        ("play", "Play", page.play, ("P",), "play", no_world),
        ("help", "Keys of the game", page.toggle_help, ("H",), "keyboard", no_world),
        ("keep", "Keep the take", decision.keep, ("K",), "check", no_take),
        ("hand_in", "Hand in the take", decision.hand_in, (), "paper-plane-tilt", no_take),
        ("discard", "Discard the take", decision.discard, ("Del",), "trash", no_take),
        ("part_begin", "Cut out: begin here", part.mark_begin, ("[",), "brackets-square", no_take),
        ("part_end", "Cut out: end here", part.mark_end, ("]",), "brackets-square", no_take),
        ("cut_out", "Cut the part out of the take", part.cut_out, ("X",), "scissors", no_part),
        ("next_mark", "Next mark of the take", lambda: jump(1), ("N",), "bookmark-simple", no_take),
        (
            "previous_mark",
            "Previous mark of the take",
            lambda: jump(-1),
            ("Shift+N",),
            "bookmark-simple",
            no_take,
        ),
        ("recover", "Look at the take that waits", offer.accept, (), "first-aid", no_offer),
        ("refuse", "Discard the take that waits", offer.refuse, (), "trash", no_offer),
    ]
    return [
        UserAction(
            f"record.{name}", title, run, keys, page="record", group="Record", icon=icon_name, why_not=why
        )
        for name, title, run, keys, icon_name, why in made
    ]
