"""The one style sheet: grounds, spacing, edges and radii of standard widgets, from the theme's tokens.

Fonts are not set here: a style sheet cannot reach the weight axis of a variable font.
"""

from __future__ import annotations

from ui.theme import TOKEN_NAMES, Tokens


def stylesheet(tokens: Tokens, scale: float) -> str:
    """The sheet for one theme, text at `scale` times its size."""

    def pixels(length: int) -> int:
        return round(length * scale)

    colours = "\n".join(
        f'QLabel[colour="{name}"], QPushButton[colour="{name}"] {{ color: {tokens[name]}; }}'
        for name in TOKEN_NAMES
    )
    return f"""
{_FRAMES.format(t=tokens)}
{_BUTTONS.format(t=tokens, height=pixels(30), small=pixels(26), large=pixels(42))}
{_FIELDS.format(t=tokens, height=pixels(30))}
{_LISTS.format(t=tokens, header=pixels(34))}
{_REST.format(t=tokens)}
{colours}
"""


_FRAMES = """
QMainWindow, QDialog, *[ground="page"] {{ background: {t.page}; }}
*[ground="rail"] {{ background: {t.rail}; }}
QFrame[role="card"] {{ background: {t.card}; border: 1px solid {t.line}; border-radius: 10px; }}
QFrame[role="popup"] {{ background: {t.card}; border: 1px solid {t.line_strong}; border-radius: 10px; }}
QFrame[role="strip"] {{ background: {t.control}; border: 1px solid {t.danger}; border-radius: 8px; }}
QFrame[role="offer"] {{ background: {t.control}; border: 1px solid {t.info}; border-radius: 8px; }}
QFrame[role="line"] {{ background: {t.line}; border: none; }}
QFrame[role="notice"] {{ background: {t.control}; border: 1px solid {t.line_strong}; border-radius: 8px; }}
QLabel {{ background: transparent; }}
"""

_BUTTONS = """
QPushButton, QToolButton, QComboBox {{
  background: {t.control}; color: {t.text}; border: 1px solid {t.line_strong}; border-radius: 6px;
  padding: 0 12px; min-height: {height}px;
}}
QToolButton {{ padding: 0 6px; }}
QPushButton:hover, QToolButton:hover, QComboBox:hover {{ background: {t.hover}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {t.press}; }}
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled {{
  color: {t.text_disabled}; border-color: {t.control}; background: {t.control};
}}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QPushButton[kind="primary"]:hover {{ background: {t.accent_hover}; }}
QPushButton[kind="primary"]:disabled {{
  background: {t.control}; color: {t.text_disabled}; border-color: {t.control};
}}
QPushButton[kind="record"] {{ background: {t.record}; color: {t.on_record}; border-color: {t.record}; }}
QPushButton[kind="record"]:disabled {{
  background: {t.control}; color: {t.text_disabled}; border-color: {t.control};
}}
QPushButton[kind="choice"] {{ background: {t.card}; border: 1px solid {t.line}; border-radius: 10px; }}
QPushButton[kind="choice"]:hover {{ background: {t.hover}; }}
QPushButton[kind="choice"]:checked {{ background: {t.selected}; border: 1px solid {t.accent}; }}
QPushButton[kind="link"] {{
  background: transparent; color: {t.accent_text}; border: 1px solid transparent; padding: 0 4px;
  min-height: 24px;
}}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {{
  background: transparent; border: 1px solid transparent; color: {t.text_secondary};
}}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover {{ background: {t.hover}; }}
QPushButton[kind="quiet"]:disabled, QToolButton[kind="quiet"]:disabled {{
  background: transparent; border-color: transparent; color: {t.text_disabled};
}}
QPushButton[size="small"], QToolButton[size="small"], QComboBox[size="small"] {{
  min-height: {small}px;
}}
QPushButton[size="large"] {{ min-height: {large}px; }}
QPushButton:focus, QToolButton:focus, QComboBox:focus, QCheckBox:focus, QSlider:focus,
QPushButton[kind="link"]:focus, QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus,
QPushButton[kind="primary"]:focus, QToolButton[mode="true"]:focus {{
  border: 2px solid {t.accent_text};
}}
QToolButton[mode="true"] {{
  min-height: 0;
  background: {t.control}; border: 1px solid {t.control}; border-radius: 5px; color: {t.text_secondary};
  padding: 0 9px;
}}
QToolButton[mode="true"]:checked {{
  background: {t.selected}; color: {t.text}; border: 1px solid {t.accent};
}}
QFrame[role="modes"] {{ background: {t.control}; border: 1px solid {t.line_strong}; border-radius: 6px; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: none; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QComboBox QAbstractItemView {{
  background: {t.card}; color: {t.text}; border: 1px solid {t.line_strong}; padding: 4px;
  selection-background-color: {t.selected}; selection-color: {t.text}; outline: none;
}}
"""

_FIELDS = """
QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit, QKeySequenceEdit {{
  background: {t.card}; color: {t.text}; border: 1px solid {t.field}; border-radius: 6px; padding: 0 8px;
  min-height: {height}px; selection-background-color: {t.accent}; selection-color: {t.on_accent};
}}
QPlainTextEdit, QTextEdit {{ padding: 6px 8px; }}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {{
  border: 2px solid {t.accent_text};
}}
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled {{
  color: {t.text_disabled}; border-color: {t.line_strong};
}}
QLineEdit[state="wrong"], QSpinBox[state="wrong"], QDoubleSpinBox[state="wrong"] {{
  border-color: {t.danger};
}}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{
  width: 18px; border: none; background: transparent;
}}
QPlainTextEdit[role="log"] {{ background: transparent; border: 1px solid transparent; padding: 0; }}
QPlainTextEdit[role="log"]:focus {{ border: 1px solid {t.accent_text}; }}
QCheckBox::indicator {{
  width: 16px; height: 16px; border: 1px solid {t.field}; border-radius: 4px; background: {t.card};
}}
QCheckBox::indicator:hover {{ border-color: {t.accent_text}; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.line_strong}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {t.accent_text}; }}
QSlider::handle:horizontal {{
  width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: {t.text}; border: none;
}}
QSlider::handle:horizontal:hover {{ background: {t.accent_text}; }}
QCheckBox {{ spacing: 8px; border: 2px solid transparent; border-radius: 6px; padding: 2px; }}
"""

_LISTS = """
QAbstractItemView {{
  background: {t.card}; color: {t.text}; border: none; outline: none;
  selection-background-color: {t.selected}; selection-color: {t.text};
}}
QHeaderView {{ background: {t.card}; border: none; }}
QHeaderView::section {{
  background: {t.card}; color: {t.text_secondary}; border: none; border-bottom: 1px solid {t.line};
  padding: 0 10px; min-height: {header}px;
}}
QHeaderView::section:hover {{ color: {t.text}; }}
QTableCornerButton::section {{ background: {t.card}; border: none; }}
"""

_REST = """
QGraphicsView {{ background: transparent; border: none; }}
QScrollArea, QScrollArea > QWidget > QWidget[ground="clear"] {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {t.line_strong}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle {{ min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {t.field}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
  background: transparent; border: none; width: 0; height: 0;
}}
QProgressBar {{
  background: {t.control}; border: none; border-radius: 3px; min-height: 6px; max-height: 6px;
}}
QProgressBar::chunk {{ background: {t.sky}; border-radius: 3px; }}
QToolTip {{
  background: {t.control}; color: {t.text}; border: 1px solid {t.line_strong}; padding: 4px 6px;
}}
QMenu {{
  background: {t.card}; color: {t.text}; border: 1px solid {t.line_strong}; border-radius: 8px; padding: 6px;
}}
QMenu::item {{ padding: 6px 14px 6px 10px; border-radius: 5px; }}
QMenu::item:selected {{ background: {t.selected}; }}
QMenu::item:disabled {{ color: {t.text_disabled}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 5px 4px; }}
QMenuBar {{ background: {t.rail}; color: {t.text}; }}
QMenuBar::item:selected {{ background: {t.hover}; }}
QSplitter::handle {{ background: transparent; }}
"""
