"""An icon standing in a row of words."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hotmess_console.ui.theme import icons, paint
from hotmess_console.ui.theme.fonts import px


class IconView(QWidget):
    """A picture beside words that say the same; screen readers skip it unless it is given a name."""

    def __init__(
        self, icon: str, size: int = 16, role: str = "muted", *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.icon_name, self.size_px, self.role = icon, size, role
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, role: str) -> None:
        """Show another icon, or the same in another role."""
        self.icon_name, self.role = icon, role
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self.size_px), px(self.size_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = paint.begin(self)
        painter.drawPixmap(0, 0, icons.pixmap(self.icon_name, self.size_px, self.role))
        painter.end()
