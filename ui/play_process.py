"""The play process as the window has it: a built-in world that is given keys and shows pictures."""

from __future__ import annotations

import time
from itertools import groupby
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ui.recorder_process import RecorderProcess
from ui.shared_pictures import SharedPictures


class PlayProcess(RecorderProcess):
    """One play process.

    Of what :class:`RecorderProcess` tells, ``tick`` as the command that failed is none: the take could not be
    written on, and is under way no longer.

    Signals:
        warming: It gets something ready: what, how many parts are done, of how many.
        ready: A world is there; carries the message.
        ticked: Ticks were played; carries their messages, oldest first, as many as came at a time.
        told: Anything else it said: ``recording``, ``saving``, ``taken``, ``discarded``, ``paused``; with the
            message.
    """

    warming = Signal(str, int, int)
    ready = Signal(object)
    ticked = Signal(object)
    told = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        self._pictures = SharedPictures()
        super().__init__("recorder.play.process", ["--pictures", str(self._pictures.path)], parent)

    def give(self, at: float | None = None, **event: Any) -> None:
        """Hand on input that happened now, or at a moment of ``time.monotonic()``."""
        self.send({"at": time.monotonic() if at is None else at, **event})

    def picture(self, number: int) -> QImage | None:
        """Picture `number`; None where newer ones took its place."""
        return self._pictures.picture(number)

    def hear(self, messages: list[dict[str, Any]]) -> None:
        """Tell the window, many ticks at a time."""
        # In the order in which it was said: a tick says whether it was recorded, and that may change.
        for is_tick, together in groupby(messages, lambda message: message["is"] == "tick"):
            if is_tick:
                self.ticked.emit(list(together))
            else:
                for message in together:
                    self._hear(message)

    def let_go(self) -> None:
        """Let go of the pictures."""
        self._pictures.close()

    def _hear(self, message: dict[str, Any]) -> None:
        match message["is"]:
            case "warming":
                self.warming.emit(message["part"], message["done"], message["total"])
            case "ready":
                self._pictures.open()
                self.ready.emit(message)
            case what:
                self.told.emit(what, message)
