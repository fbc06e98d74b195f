"""The style sheet for Qt's own widgets, made from the tokens; our own parts paint themselves."""

from __future__ import annotations

from string import Template

from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import HEIGHT, RADIUS, SPACE, TYPE, Palette

_SHEET = Template("""
QToolTip { background: $raised; color: $body; border: 1px solid $line_strong; padding: $xs; }

QScrollBar:vertical { background: transparent; width: $bar; margin: 0; }
QScrollBar:horizontal { background: transparent; height: $bar; margin: 0; }
QScrollBar::handle { background: $control; border: 3px solid transparent; border-radius: 5px; margin: 0; }
QScrollBar::handle:vertical { min-height: $xxl; }
QScrollBar::handle:horizontal { min-width: $xxl; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QAbstractScrollArea { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDateTimeEdit {
    background: $card; color: $text; border: 1px solid $control; border-radius: $r_control;
    padding: $hair $s; selection-background-color: $slot; selection-color: $text;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDateTimeEdit:focus {
    border: 2px solid $focus; padding: 1px 7px;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled { color: $muted; border-color: $line_strong; }

QListView, QTreeView, QTableView {
    background: $surface; color: $body; border: none; outline: none;
    selection-background-color: $selected; selection-color: $text;
}
QListView::item { padding: $xs $s; border-radius: $r_chip; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $selected; color: $text; }
QListView::item:selected:focus { border: 2px solid $focus; }

QMenu { background: $raised; color: $body; border: 1px solid $line_strong; padding: $xs; }
QMenu::item { padding: 6px $l; border-radius: $r_chip; border: 1px solid transparent; }
QMenu::item:selected { background: $selected; color: $text; border-color: $focus; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line_strong; margin: $xs $s; }

QSplitter::handle { background: $line; }
QCheckBox, QRadioButton { color: $body; spacing: $s; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $focus; border-radius: $r_chip; }
QHeaderView::section {
    background: $surface; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: $xs $s; font-size: $micro;
}
QProgressBar { background: $card; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: $focus; border-radius: 3px; }
""")


def qss(palette: Palette) -> str:
    """The whole style sheet for one palette, in the sizes of this desktop."""
    sizes = {name: f"{px(size)}px" for name, size in SPACE.items()}
    radii = {f"r_{name}": f"{px(size)}px" for name, size in RADIUS.items()}
    roles = {name: getattr(palette, name) for name in palette.__dataclass_fields__}
    return _SHEET.substitute(
        roles, **sizes, **radii, bar=f"{px(HEIGHT['scroll_bar'])}px", micro=f"{px(TYPE['micro'].px)}px"
    )
