"""The composer's first line: which template, to whom, and whether this is a reply or a note."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hotmess_console.services.drafts import DraftKind
from hotmess_console.ui.theme.fonts import px
from hotmess_console.ui.theme.tokens import SPACE
from hotmess_console.ui.widgets.chip import Chip, Tone
from hotmess_console.ui.widgets.key_cap import KeyCap
from hotmess_console.ui.widgets.safe_text import SafeLabel
from hotmess_console.ui.widgets.tabs import ViewBar


class ComposerHead(QWidget):
    """Tells and switches. `kind_chosen` carries a `DraftKind`, `template_dropped` that × was pressed."""

    kind_chosen = Signal(object)
    template_dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.template = Chip("", Tone.GOLD, icon="file-text", removable=True)
        self.template.removed.connect(self.template_dropped)
        self.template.hide()
        self.to = SafeLabel("to", "small", "muted")
        self.who = SafeLabel(step="small", role="text", weight=500, elide=True)
        self.address = SafeLabel(step="small", role="text", weight=500, elide=True)
        self.address.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.kinds = ViewBar()
        self.kinds.setAccessibleName("Reply or note")
        self.kinds.set_items([(DraftKind.REPLY.value, "Reply"), (DraftKind.NOTE.value, "Note")])
        self.kinds.chosen.connect(lambda name: self.kind_chosen.emit(DraftKind(name)))
        row = QHBoxLayout(self)
        row.setContentsMargins(px(SPACE["m"]), px(6), px(SPACE["s"]), px(SPACE["xs"]))
        row.setSpacing(px(SPACE["s"]))
        for part in (self.template, self.to):
            row.addWidget(part)
        row.addWidget(self.who)
        row.addSpacing(-px(SPACE["xs"]))
        row.addWidget(self.address, 1)
        row.addWidget(self.kinds)
        row.addWidget(KeyCap("N"))

    def show_template(self, name: str, version: int | None) -> None:
        """Show which template the text began as; an empty name takes the chip away."""
        self.template.set_text(f"{name} · v{version}" if version else name)
        self.template.setVisible(bool(name))

    def show_drafts(self, waiting: Collection[DraftKind]) -> None:
        """Mark these kinds as written and not sent."""
        for kind in DraftKind:
            self.kinds.items[kind.value].set_note("draft" if kind in waiting else "")

    def show_recipient(self, kind: DraftKind, name: str, address: str, no_reply: str, way_out: str = "") -> None:
        """Say whom it goes to; `no_reply` says why it cannot go to anybody, `way_out` what would change that."""
        self.kinds.set_current(kind.value)
        self.kinds.set_tip(DraftKind.REPLY.value, no_reply or "Reply: R")
        note = kind is DraftKind.NOTE
        self.to.setVisible(not note and not no_reply)
        self.who.set_role("warn_text" if no_reply else "gold_text" if note else "text")
        plain = not note and not no_reply
        if no_reply:
            self.who.set_text(f"{no_reply}. {way_out or 'This note is never sent'}." if note else no_reply)
        elif note:
            self.who.set_text("Internal note, never sent. @ names a colleague.")
        else:
            self.who.set_text(f"{name}," if name else "")
        # A label of its own, so that nothing in a name can reorder the address.
        self.address.set_text(address if plain else "")
