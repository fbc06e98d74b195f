"""The look of the moment: one palette for the application, following the system unless told otherwise."""

from __future__ import annotations

from PySide6.QtCore import QLoggingCategory, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyle

from hotmess_console.domain.errors import BadInput
from hotmess_console.ui.theme.fonts import font, load_fonts
from hotmess_console.ui.theme.qss import qss
from hotmess_console.ui.theme.tokens import DARK, HIGH_CONTRAST, LIGHT, MOTION, PALETTES, Palette

SYSTEM = "system"
CHOICES = (SYSTEM, *PALETTES)


class Theme(QObject):
    """Which palette is in force; `changed` is emitted after every widget has been given the new one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette = DARK
        self.choice = SYSTEM
        self.reduced_motion = False

    def apply(self, app: QApplication, choice: str = SYSTEM) -> None:
        """Dress the application in ``dark``, ``light``, ``high contrast`` or what the ``system`` prefers.

        Raise `BadInput` for any other choice. From the first call on, changes of the system are followed.
        """
        if choice not in CHOICES:
            raise BadInput(f"There is no theme called {choice}.", hint=f"Use one of {', '.join(CHOICES)}.")
        self._prepare(app)
        self.choice = choice
        self.palette = PALETTES.get(choice) or self._preferred(app)
        self.reduced_motion = _wants_less_motion(app)
        app.setPalette(_qt_palette(self.palette))
        app.setStyleSheet(qss(self.palette))
        self.changed.emit()

    def motion(self, name: str) -> int:
        """How long a movement of `tokens.MOTION` takes, in milliseconds; 0 with reduced motion."""
        return 0 if self.reduced_motion else MOTION[name]

    def _prepare(self, app: QApplication) -> None:
        if app.property("hotmess_themed"):
            return
        app.setProperty("hotmess_themed", True)
        # Qt warns once for each family that lacks a script, though the next family has it.
        QLoggingCategory.setFilterRules("qt.text.font.db.warning=false")
        load_fonts()
        app.setStyle("Fusion")
        app.setFont(font("body"))
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(lambda: self._follow(app))
        hints.accessibility().contrastPreferenceChanged.connect(lambda: self._follow(app))

    def _follow(self, app: QApplication) -> None:
        if self.choice == SYSTEM:
            self.apply(app, SYSTEM)

    def _preferred(self, app: QApplication) -> Palette:
        hints = app.styleHints()
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return HIGH_CONTRAST
        return LIGHT if hints.colorScheme() == Qt.ColorScheme.Light else DARK


_theme: list[Theme] = []


def theme() -> Theme:
    """The one theme of this process."""
    if not _theme:
        _theme.append(Theme())
    return _theme[0]


def colour(role: str) -> QColor:
    """The present palette's colour for a role of `Palette`."""
    return QColor(getattr(theme().palette, role))


def _wants_less_motion(app: QApplication) -> bool:
    # Qt passes the desktop's wish on as an animation time of nought.
    return app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


def _qt_palette(palette: Palette) -> QPalette:
    role = QPalette.ColorRole
    made = QPalette()
    for part, value in (
        (role.Window, palette.surface),
        (role.Base, palette.card),
        (role.AlternateBase, palette.surface),
        (role.Button, palette.card),
        (role.ToolTipBase, palette.raised),
        (role.Highlight, palette.slot),
        (role.HighlightedText, palette.text),
        (role.Link, palette.info_text),
        (role.PlaceholderText, palette.muted),
        (role.Accent, palette.focus),
        (role.WindowText, palette.body),
        (role.Text, palette.body),
        (role.ButtonText, palette.body),
        (role.ToolTipText, palette.body),
        (role.BrightText, palette.text),
    ):
        made.setColor(part, QColor(value))
    for part in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, part, QColor(palette.muted))
    return made
