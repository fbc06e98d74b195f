"""From a key press to a running action: chords, guards, refusals in words, and failures that are told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from shiboken6 import isValid

from hotmess_console.ui.actions.registry import Action, Registry, refusal
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.host import Host
from hotmess_console.ui.viewmodels.key_guard import KeyGuard
from hotmess_console.ui.viewmodels.key_text import WRITING_KEYS, for_widget, pressed, spoken, types_text
from hotmess_console.ui.viewmodels.keymap import Keymap
from hotmess_console.ui.widgets.dialog import Sheet

CHORD_MS = 1_500
"""How long a begun chord waits for its next key."""
_log = logging.getLogger(__name__)


class MayDecide(Protocol):
    """What a queue answers when a key would act on its focused case; it says itself why not."""

    def __call__(self, key: str, *, held: bool = False) -> bool: ...


class KeyDispatcher(QObject):
    """Listens to whichever control of the window has the keyboard, and starts actions.

    Keys that no action has are left alone, and so is everything inside a sheet; behind one no key does anything.
    Letters start nothing while somebody writes; keys that work a control (Esc, arrows, Return…) reach it first.
    """

    chord_changed = Signal(str)
    """The keys of a chord that has begun, such as ``G``; empty when it is over."""
    started = Signal(str)
    """The id of an action that was started."""

    def __init__(
        self, host: Host, registry: Registry, keymap: Keymap, *, clock: Callable[[], float] = monotonic
    ) -> None:
        super().__init__(host.window)
        self._host, self._registry, self.keymap = host, registry, keymap
        self.guard = KeyGuard(clock)
        self.may_decide: MayDecide | None = None
        """The guard of the queue on screen; without one `guard` judges decisions as well."""
        self._begun: tuple[str, ...] = ()
        self._patience = QTimer(self, singleShot=True, interval=CHORD_MS)
        self._patience.timeout.connect(self.end_chord)
        self._running: set[asyncio.Task[None]] = set()
        self._at: QWidget | None = None
        self._said: Notice | None = None
        self._first, self._last = _Filter(self, first=True), _Filter(self, first=False)
        host.window.installEventFilter(self._last)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow_focus)
            self._follow_focus(None, app.focusWidget())

    # ── keys ──

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Only the control with the keyboard is listened to: a filter on all of Qt would cost every event."""
        if self._at is not None and isValid(self._at):  # the keyboard also leaves a control that is being deleted
            self._at.removeEventFilter(self._first)
        window = self._host.window
        self._at = now if now is not None and now is not window and now.window() is window else None
        if self._at is not None:
            self._at.installEventFilter(self._first)

    def press(self, event: QKeyEvent, *, first: bool) -> bool:
        """Act on a key; True when it was used up. `first` is before the control has seen it, else after."""
        stroke = pressed(event)
        at = QApplication.focusWidget()
        if not stroke:
            return False
        if (sheet := self._sheet_over(at)) is not None:
            return _give_to(sheet, stroke)
        if _in_sheet(at):
            return False
        if _is_writing(at) and (types_text(stroke) or stroke in WRITING_KEYS):
            self.end_chord()
            return False
        if first and for_widget(stroke) and not self._begun:
            return False
        return self._take(stroke, held=event.isAutoRepeat())

    def _sheet_over(self, at: QWidget | None) -> Sheet | None:
        """The sheet on top, if the control with the keyboard is behind it: nothing there may act on a key."""
        shown = [sheet for sheet in self._host.window.findChildren(Sheet) if sheet.isVisible()]
        # raised last, it is the last child
        return shown[-1] if shown and shown[-1].covers(at) else None

    def _take(self, stroke: str, *, held: bool) -> bool:
        begun, focus = self._begun, self._host.context().focus
        strokes = (*begun, stroke)
        found = self.keymap.find(strokes, focus)
        if found is not None:
            self.end_chord()
            self._start(self._registry[found], stroke, held=held)
            return True
        if self.keymap.follow_ups(strokes, focus):
            if not held:
                self._begin_chord(strokes, focus)
            return True
        if not begun or held:
            return bool(begun)
        # A key that completes nothing must not act by itself: G then D was not meant as D.
        self.end_chord()
        if stroke != "Esc":
            self._host.tell(Notice(f"{spoken(', '.join(strokes))} is no key.", "Press ? to see them all."))
        return True

    def _begin_chord(self, strokes: tuple[str, ...], focus: str) -> None:
        self._begun = strokes
        self._patience.start()
        follows = self.keymap.follow_ups(strokes, focus)
        words = " · ".join(f"{key} {self._registry[id].title}" for key, id in follows.items())
        self.chord_changed.emit(" ".join(strokes))
        self._say(Notice(f"{' '.join(strokes)} …", words))

    def end_chord(self) -> None:
        """Forget a chord that has begun."""
        self._patience.stop()
        if self._begun:
            self._begun = ()
            self._unsay()
            self.chord_changed.emit("")

    def _say(self, notice: Notice) -> None:
        """Tell what the next key may make untrue."""
        self._said = notice
        self._host.tell(notice)

    def _unsay(self) -> None:
        said, self._said = self._said, None
        if said is not None:
            self._host.untell(said)

    # ── actions ──

    def _start(self, action: Action, stroke: str, *, held: bool) -> None:
        if action.decides and self.may_decide is not None:
            if not self.may_decide(stroke, held=held):
                return
        elif (why := self.guard.refusal(stroke, decides=action.decides, travels=action.travels, held=held)) is not None:
            self._host.tell(Notice(why.value))
            return
        self.run(action.id)

    def run(self, id: str) -> bool:
        """Start an action, however it was asked for; when it cannot be done now, tell why and return False."""
        action = self._registry[id]
        why = refusal(action, self._host.context())
        if why:
            self._say(Notice(why))
            return False
        self._unsay()
        task = asyncio.ensure_future(_doing(action, self._host))
        self._running.add(task)
        task.add_done_callback(partial(self._settle, action))
        self.started.emit(id)
        return True

    def _settle(self, action: Action, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        notice = notice_for(error)
        if notice.is_bug:
            _log.error("action %s failed", action.id, exc_info=error)
        self._host.tell(notice)


class _Filter(QObject):
    """Hands key presses to the dispatcher: from the control with the keyboard, or what it left to the window."""

    def __init__(self, dispatcher: KeyDispatcher, *, first: bool) -> None:
        super().__init__(dispatcher)
        self._dispatcher, self._is_first = dispatcher, first

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        return self._dispatcher.press(event, first=self._is_first)


def _give_to(sheet: Sheet, stroke: str) -> bool:
    """Give the keyboard to a sheet that has lost it; the key itself is used up, but for Esc, which closes the sheet."""
    if stroke == "Esc":
        sheet.cancel()
    else:
        sheet.take_keyboard()
    return True


def _in_sheet(at: QWidget | None) -> bool:
    while at is not None and not isinstance(at, Sheet):
        at = at.parentWidget()
    return at is not None


def _is_writing(at: QWidget | None) -> bool:
    """Whether what is typed in this control becomes text."""
    # A list claims input methods for a row that could be edited, though nothing is written in the list itself.
    return (
        at is not None
        and at.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        and not isinstance(at, QAbstractItemView)
    )


async def _doing(action: Action, host: Host) -> None:
    await action.run(host)
