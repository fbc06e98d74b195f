"""A case as it was at an entry of the audit: its state, and what had been written by then."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hotmess_console.domain.trail import Then
from hotmess_console.ui.dialogs.choose import KeyedSheet
from hotmess_console.ui.dialogs.send_preview import Scrolled
from hotmess_console.ui.host import Host
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.viewmodels import when
from hotmess_console.ui.viewmodels.history_words import Teller
from hotmess_console.ui.viewmodels.mask import Mask, mask_for
from hotmess_console.ui.viewmodels.trail import then_facts
from hotmess_console.ui.widgets.message_card import MessageCard, MessageFace, Side
from hotmess_console.ui.widgets.pane import Facts
from hotmess_console.ui.widgets.safe_text import SafeLabel

_ROOM = 460
_AS_NOW = "Subject and names are as they are now: the audit does not repeat them."
_EMPTY = "Nothing had been written by then."


class ThenSheet(KeyedSheet):
    """State at the left, messages and notes at the right; Enter opens the case as it is now."""

    def __init__(self, window: QWidget, then: Then, teller: Teller, mask: Mask) -> None:
        case = then.detail.case
        title = f"{case.reference} as it was on {when.full(then.at, teller.zone)}"
        words = f"{mask.text(case.subject)}. {_AS_NOW}"
        super().__init__(window, title, words, icon="history", width=980, action="Open it as it is now")
        self.facts, self.written = Facts(96), _written(then, teller, mask)
        self.facts.set_rows(list(then_facts(then, teller)))
        left = QVBoxLayout()
        left.addWidget(self.facts)
        left.addStretch(1)
        sides = QHBoxLayout()
        sides.setSpacing(px(SPACE["xl"]))
        sides.addLayout(left, 2)
        self.scrolled = Scrolled(self.written, _ROOM)
        self.scrolled.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scrolled.setAccessibleName("What had been written")
        sides.addWidget(self.scrolled, 3)
        self.body.addLayout(sides, 1)

    def focus_first(self) -> None:
        self.scrolled.setFocus(Qt.FocusReason.PopupFocusReason)


def _written(then: Then, teller: Teller, mask: Mask) -> QWidget:
    """Return messages and notes as cards, in their order."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(SPACE["s"]))
    for _at, face in sorted(_faces(then, teller, mask), key=lambda one: one[0]):
        column.addWidget(MessageCard(face))
    if column.count() == 0:
        column.addWidget(SafeLabel(_EMPTY, "body", "muted", wrap=True))
    return whole


def _faces(then: Then, teller: Teller, mask: Mask) -> list[tuple[datetime, MessageFace]]:
    detail = then.detail
    faces: list[tuple[datetime, MessageFace]] = []
    for message in detail.messages:
        side = Side.INCOMING if message.incoming else Side.OUTGOING
        author = mask.text(message.author_name) if message.incoming else teller.staff.name(message.author)
        time = when.full(message.at, teller.zone)
        faces.append((message.at, MessageFace(side, author, time, mask.text(message.body))))
    for note in detail.notes:
        time = when.full(note.at, teller.zone)
        faces.append((note.at, MessageFace(Side.NOTE, teller.staff.name(note.author), time, mask.text(note.body))))
    return faces


async def show_then(host: Host, then: Then, teller: Teller) -> None:
    """Show the case as it was; open it as it is now where that is wanted."""
    sheet = ThenSheet(host.window, then, teller, mask_for(then.detail, host.masked))
    answer = await sheet.open()
    sheet.deleteLater()
    if answer:
        await host.open_case(then.detail.case.id)
