"""What is seen of a recording in the Player: its picture with overlays, the controls, the timeline."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QScrollArea, QSizePolicy, QWidget

from ui.frame_supply import FrameSupply
from ui.lanes import more_keys
from ui.pages.player_marks import PlayerMarks
from ui.pages.player_shown import ShownRecording
from ui.pages.player_transport import Transport
from ui.studio import Studio
from ui.widgets.buttons import button
from ui.widgets.cards import Card, column, row
from ui.widgets.film import film_pictures
from ui.widgets.game_view import LAYERS, GameView
from ui.widgets.timeline import Timeline
from vpt_studio.errors import StudioError

_WITHOUT_PICTURE_MS = 150  # how long others wait for a picture before they go on without
_HIGH_WINDOW = 800  # there is room for more lanes
_KEYS_AT_FIRST, _KEYS_IN_LOW_WINDOW = 5, 2


class PlayerStage(QWidget):
    """Shows one recording at one tick.

    Signals:
        settled: The tick's picture is on the screen, or late; what follows it makes it no later now.

    Attributes:
        view: The picture.
        timeline: The lanes.
        transport: What moves.
        marks: What is jumped to.
        supply: Where pictures come from.
        shows_all_keys: Whether every key that was held has a lane.
    """

    settled = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._shown: ShownRecording | None = None
        self._folder = Path()
        self.supply = FrameSupply(self)
        self.view = GameView()
        self.timeline = Timeline()
        self.transport = Transport()
        self.marks = PlayerMarks()
        card = Card(padding=12, spacing=0)
        card.content.setContentsMargins(12, 8, 10, 8)
        self._lanes = _Lanes(self.timeline)
        self._more = button("", self.toggle_keys, kind="link")
        self._more.setVisible(False)
        card.content.addWidget(self._lanes)
        card.content.addLayout(row(self._more, 1))
        layout = column(self.view)
        layout.setStretch(0, 1)
        layout.addLayout(row(self.transport, 1, self.marks, self._layers()))
        layout.addWidget(card)
        self.setLayout(layout)
        self.shows_all_keys = False
        self._settling = QTimer(self, singleShot=True)
        self._settling.timeout.connect(self.settled)
        self._connect()

    def _layers(self) -> QPushButton:
        made = button("Overlays", icon_name="stack", kind="quiet")
        self._layers_menu = QMenu(made)
        for layer, title in LAYERS.items():
            entry = self._layers_menu.addAction(title)
            entry.setCheckable(True)
            entry.setChecked(True)
            entry.toggled.connect(partial(self.view.set_layer, layer))
        made.setMenu(self._layers_menu)
        return made

    def _connect(self) -> None:
        self.supply.opened.connect(self._on_opened)
        self.supply.arrived.connect(self._on_arrived)
        self.supply.damaged.connect(self._on_arrived)
        self.supply.failed.connect(self._on_failed)
        self.view.pressed.connect(self.transport.toggle)
        self.transport.moved.connect(self.show_tick)
        self.transport.looped.connect(self.timeline.show_loop)
        self.timeline.sought.connect(self.transport.seek)
        self.timeline.loop_set.connect(self.transport.set_loop)
        self.timeline.film_wanted.connect(self._bring_film)

    def begin(self, shown: ShownRecording, folder: Path, tick: int) -> None:
        """Show a recording of the project in `folder`, at `tick`."""
        self._shown, self._folder = shown, folder
        self.transport.begin(shown.ticks)
        self.view.show_picture(0, shown.ticks, None, "Opening")
        self.show_lanes()
        self.supply.show_recording(folder, shown.row.id)
        self.transport.seek(tick)

    def go_on(self) -> None:
        """Open the files again after :meth:`rest`."""
        if self._shown is not None:
            self.supply.show_recording(self._folder, self._shown.row.id)
            self.supply.picture(self.transport.playback.tick)

    def rest(self) -> None:
        """Pause, and let the files go."""
        self.transport.pause()
        self.supply.close()

    def clear(self) -> None:
        """Show nothing."""
        self.rest()
        self._shown = None
        self.transport.begin(0)
        self.view.clear()
        self._more.setVisible(False)
        self.timeline.show_lanes([], 0)

    def show_lanes(self) -> None:
        """Show what is known of the recording by now."""
        shown = self._shown
        if shown is None:
            return
        is_high = self.window().height() >= _HIGH_WINDOW
        at_first = _KEYS_AT_FIRST if is_high else _KEYS_IN_LOW_WINDOW
        count = len(shown.key_titles())
        self._more.setVisible(count > at_first)
        self._more.setText("Fewer keys" if self.shows_all_keys else f"+ {more_keys(count - at_first)}")
        self._more.setToolTip(f"A lane for each key that was held ({', '.join(shown.key_titles())})")
        self.timeline.show_lanes(shown.lanes(count if self.shows_all_keys else at_first), shown.ticks)

    def toggle_keys(self) -> None:
        """Show a lane for every key that was held, or only for those that were held most."""
        self.shows_all_keys = not self.shows_all_keys
        self.show_lanes()

    def show_tick(self) -> None:
        """Show the tick where playing stands, once its picture is there."""
        shown, playback = self._shown, self.transport.playback
        if shown is None:
            return
        tick = playback.tick
        self.timeline.show_tick(tick)
        is_damaged = self.supply.is_damaged(tick)
        if playback.playing and not is_damaged:
            # Where decoding is slower than playing, the newest picture there is, and what belongs to it.
            newest = self.supply.picture_at_or_before(tick)
            tick, image = newest or (tick, None)
        else:
            image = self.supply.picture(tick)
        if image is None and not is_damaged:  # on its way; what is on the old one belongs to the old one
            self._settling.start(_WITHOUT_PICTURE_MS)
            return
        self.view.show_picture(tick, playback.ticks, image, "This frame is damaged" if is_damaged else "")
        actions = shown.actions_at(tick)
        if actions is not None:
            self.view.show_actions(*actions)
        self._settling.start(0)

    def toggle_layers(self) -> None:
        """Show all overlays, or none."""
        on = not self.view.layers
        for entry in self._layers_menu.actions():
            entry.setChecked(on)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Half of the room is the picture's."""
        super().resizeEvent(event)
        self._lanes.leave_room(self.height() // 2)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Nothing plays unseen."""
        self.transport.pause()
        super().hideEvent(event)

    def _on_opened(self, ticks: int) -> None:
        if self._shown is not None:
            self._shown.use_length(ticks)
            self.transport.playback.ticks = ticks

    def _on_arrived(self, tick: int) -> None:
        playback = self.transport.playback
        is_late = playback.playing and tick < playback.tick
        if tick == playback.tick or is_late:
            self.show_tick()

    def _on_failed(self, error: StudioError) -> None:
        playback = self.transport.playback
        self.view.show_picture(playback.tick, playback.ticks, None, f"Cannot be played: {error.what}")
        self._studio.session.notices.tell_failure(error)

    def _bring_film(self, ticks: list[int]) -> None:
        shown, folder = self._shown, self._folder
        if shown is None:
            return
        name = shown.row.id

        def show(pictures: dict[int, QImage]) -> None:
            if shown is self._shown:
                for tick, image in pictures.items():
                    self.timeline.show_film(tick, QPixmap.fromImage(image))

        self._studio.background.run(
            lambda task: film_pictures(folder, name, ticks, task),
            show,
            failed=lambda _error: None,
            lane="film",
            newest="film",
        )


class _Lanes(QScrollArea):
    """The timeline, as high as its lanes where that leaves the picture half of the room; else it scrolls."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__()
        self._timeline, self._highest = timeline, 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWidgetResizable(True)
        self.setWidget(timeline)
        timeline.setAutoFillBackground(False)  # a scroll area gives its widget a ground of its own

    def leave_room(self, highest: int) -> None:
        """Be no higher than so many pixels."""
        self._highest = highest
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802
        wanted = self._timeline.sizeHint()
        return QSize(wanted.width(), min(wanted.height(), self._highest))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._timeline.minimumSizeHint().width(), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # the timeline has other lanes, or larger text
            self.updateGeometry()
        return super().event(event)
