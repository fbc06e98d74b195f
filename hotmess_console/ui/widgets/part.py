"""The parts of a window that the keyboard jumps between, whatever number of controls each has."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

_PROPERTY = "keyboard_part"


def mark_part(*parts: QWidget) -> None:
    """Let the keyboard jump to each of these; one inside another is a part of its own."""
    for part in parts:
        part.setProperty(_PROPERTY, True)


def step_part(window: QWidget, by: int) -> QWidget | None:
    """Give the keyboard to the next part in the order of Tab (or by -1 the one before); return what has it now."""
    homes = _homes(window)
    if not homes:
        return None
    parts = list(homes)
    here = _part_of(QApplication.focusWidget())
    at = parts.index(here) if here in parts else -1 if by > 0 else 0
    home = homes[parts[(at + by) % len(parts)]]
    home.setFocus(Qt.FocusReason.TabFocusReason if by > 0 else Qt.FocusReason.BacktabFocusReason)
    return home


def _homes(window: QWidget) -> dict[QWidget, QWidget]:
    """Each visible part with the control in it that Tab reaches first."""
    homes: dict[QWidget, QWidget] = {}
    at = window.nextInFocusChain()
    while at is not None and at is not window:
        part = _part_of(at) if _takes_tab(at) else None
        if part is not None:
            homes.setdefault(part, at)
        at = at.nextInFocusChain()
    return homes


def _takes_tab(control: QWidget) -> bool:
    """Whether Tab stops here; of several places of which one is open, it stops at that one."""
    if not (control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.isVisible() and control.isEnabled()):
        return False
    if isinstance(control, QAbstractButton) and control.isCheckable() and control.group() is not None:
        return control.isChecked()
    return True


def _part_of(at: QWidget | None) -> QWidget | None:
    while at is not None and not at.property(_PROPERTY):
        at = at.parentWidget()
    return at
