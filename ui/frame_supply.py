"""Brings the pictures of a recording: decoded in a thread of its own, a little ahead of where it plays."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from vpt_studio.errors import StudioError
from vpt_studio.project.references import open_recordings
from vpt_studio.recordings.recording import Recording

_BYTES_KEPT = 192 << 20
_AHEAD = 24  # ticks decoded before they are asked for, while playing
_BEHIND = 12  # so that one step back is at hand


class FrameSupply(QObject):
    """Pictures of one recording at a time.

    The thread decodes the tick that is wanted first, then those that follow it. Wishes that were overtaken by
    a newer one are passed over, so that dragging along the timeline decodes where the pointer is.

    Signals:
        opened: The recording is open: its number of ticks.
        arrived: The picture of this tick is at hand.
        damaged: This tick has no picture that can be decoded.
        failed: The recording cannot be opened; carries the error.
    """

    opened = Signal(object)
    arrived = Signal(int)
    damaged = Signal(int)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Condition()
        self._kept: OrderedDict[int, QImage] = OrderedDict()
        self._bytes = 0
        self._bad: set[int] = set()
        self._wanted = -1
        self._generation = 0
        self._place: tuple[Path, str] | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._work, name="pictures", daemon=True)
        self._thread.start()

    def show_recording(self, folder: Path, recording: str) -> None:
        """Bring pictures of this recording of the project in `folder` from now on."""
        with self._lock:
            self._place = (folder, recording)
            self._generation += 1
            self._kept.clear()
            self._bad.clear()
            self._bytes, self._wanted = 0, 0
            self._lock.notify()

    def close(self) -> None:
        """Close the recording; the thread waits for another one."""
        with self._lock:
            self._place = None
            self._generation += 1
            self._kept.clear()
            self._bytes, self._wanted = 0, -1
            self._lock.notify()

    def end(self) -> None:
        """End the thread."""
        with self._lock:
            self._ended = True
            self._generation += 1
            self._lock.notify()
        self._thread.join()

    def picture(self, tick: int) -> QImage | None:
        """The picture if it is at hand; asks for it and what follows in any case."""
        with self._lock:
            if tick != self._wanted:
                self._wanted = tick
                self._lock.notify()
            return self._kept.get(tick)

    def is_damaged(self, tick: int) -> bool:
        """Whether this tick was found to have no picture."""
        with self._lock:
            return tick in self._bad

    def _work(self) -> None:
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._ended or self._place is not None)
                if self._ended:
                    return
                assert self._place is not None
                (folder, name), generation = self._place, self._generation
            try:
                (recording,) = open_recordings([name], folder)
                with recording:
                    count = len(recording)
                    self.opened.emit(count)
                    self._serve(recording, count, generation)
            except (StudioError, OSError) as error:
                if generation == self._generation:
                    self.failed.emit(error)
                with self._lock:
                    self._lock.wait_for(lambda: self._ended or generation != self._generation)  # noqa: B023

    def _serve(self, recording: Recording, count: int, generation: int) -> None:
        """Bring pictures until another recording is wanted."""
        while True:
            with self._lock:
                self._lock.wait_for(
                    lambda: self._generation != generation or self._next_missing(count) is not None
                )
                if self._generation != generation:
                    return
                start = self._next_missing(count)
            assert start is not None
            self._decode_from(recording, start, count, generation)

    def _next_missing(self, count: int) -> int | None:
        """The first tick from the wanted one on that is neither here nor damaged; None if all are."""
        if self._wanted < 0:
            return None
        for tick in range(self._wanted, min(count, self._wanted + _AHEAD)):
            if tick not in self._kept and tick not in self._bad:
                return tick
        return None

    def _decode_from(self, recording: Recording, start: int, count: int, generation: int) -> None:
        tick = start
        try:
            for picture in recording.pictures(start, count):
                height, width, _ = picture.shape
                data = np.ascontiguousarray(picture)
                image = QImage(
                    data.data, width, height, 3 * width, QImage.Format.Format_RGB888
                ).convertToFormat(QImage.Format.Format_RGB32)
                if not self._keep(tick, image, generation):
                    return
                self.arrived.emit(tick)
                tick += 1
                with self._lock:
                    following = self._next_missing(count)
                    if self._generation != generation or following != tick:
                        return  # somewhere else, or far enough ahead
        except StudioError:
            with self._lock:
                if self._generation != generation:
                    return
                self._bad.add(tick)
            self.damaged.emit(tick)

    def _keep(self, tick: int, image: QImage, generation: int) -> bool:
        with self._lock:
            if self._generation != generation:
                return False
            self._kept[tick] = image
            self._bytes += image.sizeInBytes()
            while self._bytes > _BYTES_KEPT:
                far = max(self._kept, key=lambda kept: self._distance(kept))
                self._bytes -= self._kept.pop(far).sizeInBytes()
            return True

    def _distance(self, tick: int) -> int:
        """How dispensable a picture is: those long gone by first."""
        return (
            tick - self._wanted if tick >= self._wanted else (self._wanted - tick) * (_AHEAD // _BEHIND) * 4
        )
