"""Brings the pictures of a recording: decoded in a thread of its own, a little ahead of where it plays."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from vpt_studio.errors import StudioError
from vpt_studio.project.references import open_recordings
from vpt_studio.recordings.recording import Recording

_BYTES_KEPT = 192 << 20
_AHEAD = 24  # ticks decoded before they are asked for, while playing
_BEHIND = 12  # so that one step back is at hand

logger = logging.getLogger(__name__)


class FrameSupply(QObject):
    """Pictures of one recording at a time.

    The thread decodes the tick that is wanted first, then those that follow it. Wishes that were overtaken by
    a newer one are passed over, so that dragging along the timeline decodes where the pointer is. Playing
    that is quicker than decoding is followed: the thread decodes on, late, and leaps only to keyframes, so
    that pictures keep coming.

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
        self._kept: dict[int, QImage] = {}
        self._bytes = self._bytes_each = 0
        self._bad: set[int] = set()
        self._wanted = -1
        self._followed_from: int | None = None
        self._is_resting = False
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
            self._bytes, self._wanted, self._bytes_each = 0, 0, 0
            self._followed_from, self._is_resting = None, False
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
                self._followed_from = None
                self._want(tick)
            return self._kept.get(tick)

    def picture_at_or_before(self, tick: int) -> tuple[int, QImage] | None:
        """While playing: the newest picture at hand up to `tick`, and its tick; asks for what follows.

        None while nothing has come since playing went on from where it is.
        """
        with self._lock:
            if self._followed_from is None or tick < self._wanted:
                goes_on = 0 <= tick - self._wanted < _AHEAD
                self._followed_from = self._wanted if goes_on else tick
            if tick != self._wanted:
                self._want(tick)
            newest = max((kept for kept in self._kept if self._followed_from <= kept <= tick), default=None)
            return None if newest is None else (newest, self._kept[newest])

    def _want(self, tick: int) -> None:
        self._wanted = tick
        self._is_resting = False
        self._lock.notify()

    @property
    def is_resting(self) -> bool:
        """Whether all that is wanted now, and what follows it, has been decoded."""
        with self._lock:
            return self._is_resting

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
            except Exception as error:  # whatever it is, the next recording has its pictures
                logger.warning("no pictures of %s", name, exc_info=True)
                if generation == self._generation:
                    self.failed.emit(_told(error))
                with self._lock:
                    self._lock.wait_for(lambda: self._ended or generation != self._generation)  # noqa: B023

    def _serve(self, recording: Recording, count: int, generation: int) -> None:
        """Bring pictures until another recording is wanted."""
        # The ticks from which decoding can start.
        keys = np.unique(np.searchsorted(recording.frame_of_tick, recording.video.keyframes))
        at = 0
        while True:
            with self._lock:
                while self._generation == generation and self._rests(at, keys, count):
                    self._lock.wait()
                if self._generation != generation:
                    return
                start = self._next_tick(at, keys, count)
            assert start is not None
            at = self._decode_from(recording, start, keys, count, generation)

    def _rests(self, at: int, keys: npt.NDArray[np.int64], count: int) -> bool:
        self._is_resting = self._next_tick(at, keys, count) is None
        return self._is_resting

    def _next_tick(self, at: int, keys: npt.NDArray[np.int64], count: int) -> int | None:
        """The tick to decode now that the decoder stands before `at`; None if all is here.

        That is the first one from the wanted tick on that is neither here nor damaged. Where playing has
        overtaken the decoder it is the one the decoder stands before, or the last keyframe that was passed:
        going for the wanted tick alone, which is overtaken again meanwhile, would bring ever fewer pictures.
        """
        if self._wanted < 0:
            return None
        window = range(self._wanted, min(count, self._wanted + self._ahead))
        missing = next((tick for tick in window if self._is_missing(tick)), None)
        if missing is None or self._followed_from is None or missing != self._wanted or at >= missing:
            return missing
        passed = int(keys[max(0, int(np.searchsorted(keys, missing, side="right")) - 1)])
        late = range(max(at, passed, self._followed_from), missing)
        return next((tick for tick in late if self._is_missing(tick)), missing)

    def _is_missing(self, tick: int) -> bool:
        return tick not in self._kept and tick not in self._bad

    @property
    def _ahead(self) -> int:
        """How many ticks are decoded from the wanted one on: not more than can be kept beside some before."""
        if not self._bytes_each:
            return _AHEAD
        room = _BYTES_KEPT // self._bytes_each
        return max(1, min(_AHEAD, room - min(_BEHIND, max(1, room // 3))))

    def _decode_from(
        self, recording: Recording, start: int, keys: npt.NDArray[np.int64], count: int, generation: int
    ) -> int:
        """Decode from `start` on while that is wanted; the tick before which the decoder stands then."""
        tick = start
        try:
            for picture in recording.pictures(start, count):
                height, width, _ = picture.shape
                data = np.ascontiguousarray(picture)
                image = QImage(
                    data.data, width, height, 3 * width, QImage.Format.Format_RGB888
                ).convertToFormat(QImage.Format.Format_RGB32)
                if not self._keep(tick, image, generation):
                    break
                self.arrived.emit(tick)
                tick += 1
                with self._lock:
                    following = self._next_tick(tick, keys, count)
                    if self._generation != generation or following != tick:
                        break  # somewhere else, or far enough ahead
        except StudioError:
            with self._lock:
                if self._generation != generation:
                    return tick
                self._bad.add(tick)
            self.damaged.emit(tick)
        return tick

    def _keep(self, tick: int, image: QImage, generation: int) -> bool:
        with self._lock:
            if self._generation != generation:
                return False
            self._kept[tick] = image
            self._bytes_each = image.sizeInBytes()
            self._bytes += self._bytes_each
            while self._bytes > _BYTES_KEPT and len(self._kept) > 1:
                far = max(self._kept, key=self._distance)
                self._bytes -= self._kept.pop(far).sizeInBytes()
            return True

    def _distance(self, tick: int) -> int:
        """How dispensable a picture is: what is wanted next is not, and of the rest what is far away."""
        ahead = tick - self._wanted
        return 0 if 0 <= ahead < self._ahead else abs(ahead)


def _told(error: Exception) -> StudioError:
    if isinstance(error, StudioError):
        return error
    what = (isinstance(error, OSError) and error.strerror) or f"{type(error).__name__} {error}".strip()
    return StudioError(f"its pictures cannot be read ({what})", mend="Show it again; the log tells more")
