"""How the whole application looks now: theme, size and motion, and the one signal that says they changed."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ui.stylesheet import stylesheet
from ui.theme import DARK, LIGHT, Tokens

TextSize = Literal["figure", "title", "heading", "body", "small"]
ThemeChoice = Literal["system", "dark", "light"]

#: Height of letters and of lines in pixels at 100 %.
TEXT_SIZES: dict[TextSize, tuple[int, int]] = {
    "figure": (22, 28),
    "title": (18, 24),
    "heading": (14, 20),
    "body": (13, 20),
    "small": (12, 16),
}
#: Movements of Qt's own.
_EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
)
_SANS, _MONO = "Inter", "JetBrains Mono"
_FONT_PACKAGES = ("fontpkg_inter", "fontpkg_jetbrains_mono")


class Look(QObject):
    """Theme, text size and motion of the application; made once, by :func:`set_up_look`.

    Signals:
        changed: Colours or sizes are other ones now; widgets that paint themselves repaint.
    """

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._choice: ThemeChoice = "system"
        self._scale = 1.0
        self._fonts: dict[tuple[int, int, bool], QFont] = {}
        self.reduce_motion = False
        self._effects = {effect: application.isEffectEnabled(effect) for effect in _EFFECTS}
        self.tokens: Tokens = DARK
        application.setStyle("Fusion")
        _load_fonts()
        application.styleHints().colorSchemeChanged.connect(self._apply)
        self._apply()

    def choose(self, theme: ThemeChoice, *, scale: float = 1.0, reduce_motion: bool = False) -> None:
        """Show `theme` from now on, text at `scale` (0.9 to 1.5) times its size."""
        self._choice, self._scale, self.reduce_motion = theme, scale, reduce_motion
        scheme = {
            "dark": Qt.ColorScheme.Dark,
            "light": Qt.ColorScheme.Light,
            "system": Qt.ColorScheme.Unknown,
        }[theme]
        self._application.styleHints().setColorScheme(scheme)
        for effect, usual in self._effects.items():
            self._application.setEffectEnabled(effect, usual and not reduce_motion)
        self._apply()

    def milliseconds(self, usual: int) -> int:
        """How long a movement that usually takes `usual` ms takes: no time at all with reduced motion."""
        return 0 if self.reduce_motion else usual

    def colour(self, token: str, opacity: float = 1.0) -> QColor:
        """The present colour of a token."""
        colour = QColor(self.tokens[token])
        colour.setAlphaF(opacity)
        return colour

    def pixels(self, at_full_size: int) -> int:
        """A length that grows with the text."""
        return round(at_full_size * self._scale)

    def font(self, size: TextSize = "body", weight: int = 400, *, mono: bool = False) -> QFont:
        """A font of the application; digits all have one width, so that figures do not jump."""
        key = (self.pixels(TEXT_SIZES[size][0]), weight, mono)
        font = self._fonts.get(key)
        if font is None:
            font = self._fonts[key] = QFont(_MONO if mono else _SANS)
            font.setPixelSize(key[0])
            font.setWeight(QFont.Weight(weight))
            # The weight alone leaves a variable font as it is.
            font.setVariableAxis(QFont.Tag("wght"), weight)
            font.setFeature(QFont.Tag("tnum"), 1)
        return QFont(font)  # shares what Qt has worked out for it until the caller changes it

    def _apply(self) -> None:
        self.tokens = self._wanted()
        self._application.setFont(self.font())
        self._application.setPalette(_palette(self.tokens))
        self._application.setStyleSheet(stylesheet(self.tokens, self._scale))
        for widget in self._application.allWidgets():
            size = widget.property("textSize")
            if size:
                mono = bool(widget.property("mono"))
                widget.setFont(self.font(size, widget.property("weight"), mono=mono))
        self.changed.emit()

    def _wanted(self) -> Tokens:
        if self._choice != "system":
            return DARK if self._choice == "dark" else LIGHT
        is_light = self._application.styleHints().colorScheme() == Qt.ColorScheme.Light
        return LIGHT if is_light else DARK


_look: Look | None = None


def set_up_look(application: QApplication) -> Look:
    """Give `application` our look; done once per process."""
    global _look
    if _look is None:
        _look = Look(application)
    return _look


def look() -> Look:
    """The look of this application.

    Raises:
        RuntimeError: :func:`set_up_look` was not called yet.
    """
    if _look is None:
        raise RuntimeError("the look is set up with the application, before any widget")
    return _look


def give_text(
    widget: QWidget,
    size: TextSize = "body",
    weight: int = 400,
    colour: str = "",
    *,
    mono: bool = False,
) -> None:
    """Set size, weight and colour of a widget's words; they follow theme and text size from then on."""
    widget.setProperty("textSize", size)
    widget.setProperty("weight", weight)
    widget.setProperty("mono", mono)
    widget.setFont(look().font(size, weight, mono=mono))
    if widget.property("colour") != colour:
        widget.setProperty("colour", colour)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _load_fonts() -> None:
    for package in _FONT_PACKAGES:
        for font in _font_files(package):
            QFontDatabase.addApplicationFont(str(font))


def _font_files(package: str) -> list[Path]:
    """The font files of an installed font package; none where it is not installed (the system's serve)."""
    try:
        root = files(package)
    except ModuleNotFoundError:
        return []
    with as_file(root) as folder:
        return sorted(path for path in Path(folder).rglob("*") if path.suffix.lower() in (".ttf", ".otf"))


def _palette(tokens: Tokens) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: tokens.page,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.card,
        QPalette.ColorRole.AlternateBase: tokens.page,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.text_hint,
        QPalette.ColorRole.Button: tokens.control,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.danger,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.Link: tokens.accent_text,
        QPalette.ColorRole.LinkVisited: tokens.accent_text,
        QPalette.ColorRole.ToolTipBase: tokens.control,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Light: tokens.line_strong,
        QPalette.ColorRole.Midlight: tokens.line,
        QPalette.ColorRole.Mid: tokens.line,
        QPalette.ColorRole.Dark: tokens.rail,
        QPalette.ColorRole.Shadow: tokens.rail,
        QPalette.ColorRole.Accent: tokens.accent,
    }
    palette = QPalette()
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.text_disabled))
    return palette
