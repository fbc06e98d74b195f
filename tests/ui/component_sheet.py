"""A sheet with every shared part in its states, to compare with its golden picture."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from hotmess_console.ui.widgets.avatar import Avatar
from hotmess_console.ui.widgets.banner import Banner
from hotmess_console.ui.widgets.button import Button, IconButton, Kind
from hotmess_console.ui.widgets.chip import Chip, Tone
from hotmess_console.ui.widgets.clock_bar import PAUSED, USED, ClockBar, ClockFace
from hotmess_console.ui.widgets.empty_state import EmptyState, Variant
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.key_cap import KeyCap
from hotmess_console.ui.widgets.loading import LoadingBars
from hotmess_console.ui.widgets.message_card import MessageCard, MessageFace, Side
from hotmess_console.ui.widgets.pane import Facts, Pane, PaneHead, Rule, SectionRow
from hotmess_console.ui.widgets.safe_text import SafeLabel
from hotmess_console.ui.widgets.select import Select
from hotmess_console.ui.widgets.tabs import TabBar, ViewBar
from hotmess_console.ui.widgets.timeline import Timeline, TimelineEvent
from hotmess_console.ui.widgets.undo_bar import UndoBar

SIZE = (1280, 1000)


def row(*parts: QWidget, space: int = 8) -> QWidget:
    box = QWidget()
    line = QHBoxLayout(box)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(space)
    for part in parts:
        line.addWidget(part)
    line.addStretch(1)
    return box


def buttons() -> QWidget:
    off = Button("Send", icon="send")
    off.set_reason("A placeholder is empty")
    busy = Button("Escalate to level 3")
    busy.set_working(True)
    return row(
        Button("Send", Kind.PRIMARY, key="Ctrl+Return", icon="send"),
        Button("Second", key="E"),
        Button("Quiet", Kind.QUIET),
        off,
        SafeLabel("A placeholder is empty", "small", "muted"),
        busy,
        Button("Ban", Kind.DANGER, key="B B"),
        Button("SOS", Kind.SOS, icon="siren"),
        IconButton("arrow-up-down", "Order", framed=True),
    )


def chips() -> QWidget:
    return row(
        Chip("Refund confirmation · v3", Tone.GOLD, icon="file-text", removable=True),
        Chip("High", Tone.WARN, icon="chevrons-up"),
        Chip("applied", Tone.OK),
        Chip("refused", Tone.DANGER),
        Chip("L2"),
        Chip("37 near-identical", Tone.GOLD, icon="layers", outlined=True),
        Chip("status: open", removable=True),
    )


def fields() -> QWidget:
    typed = Field("Filter")
    typed.setText("status: open")
    wrong = Field("Count")
    wrong.setText("34 or so")
    wrong.set_problem("Type a number")
    choice = Select("Category")
    choice.add_choice("Billing")
    parts = (Field("Filter", hint="Filter", icon="search", key="/"), typed, wrong, choice)
    for part in parts:
        part.setFixedWidth(150)
    return row(*parts)


def clock() -> ClockBar:
    bar = ClockBar()
    bar.add_action(Button("Pause", key="P", icon="pause"))
    bar.set_face(
        ClockFace(
            "Reply due in 48 min",
            "03:19",
            Tone.WARN,
            "Billing, High: 4 hours",
            "Started 22:53",
            "26 min paused, waiting on Rowan",
            "Due 03:19",
            ((USED, 0.68), (PAUSED, 0.1), (USED, 0.04)),
        )
    )
    return bar


def messages() -> tuple[MessageCard, ...]:
    long = "My card shows two payments of £9.99 on Saturday, one minute apart. See https://pаy.example/x"
    return (
        MessageCard(MessageFace(Side.INCOMING, "Rowan Hale", "02:19", long, "Email")),
        MessageCard(MessageFace(Side.NOTE, "Jonas K.", "23:40", "Both charges are on the same subscription.")),
        MessageCard(
            MessageFace(
                Side.OUTGOING,
                "You",
                "01:53",
                "Hi Rowan, thank you for writing.",
                "Delivered 01:53",
                "check-check",
                Tone.OK,
            )
        ),
    )


def people() -> QWidget:
    return row(
        Avatar("Amara Okafor"),
        Avatar("Jonas Kirchner", 18, ring=True),
        Avatar("Rowan Hale", 36),
        Avatar("Rowan Hale", masked=True),
        Avatar(None),
        *(KeyCap(key) for key in ("Ctrl+K", "Shift+Return", "/", "G S")),
    )


def person() -> QWidget:
    facts = Facts()
    facts.set_rows([("Tier", Chip("PLUS", Tone.GOLD)), ("Since", "14 March 2025"), ("Email", "rowan.hale@example.org")])
    timeline = Timeline()
    timeline.set_events(
        [
            TimelineEvent("credit-card", "Paid £9.99", "Second charge, 40 s later", "21 Nov", Tone.WARN),
            TimelineEvent("message-square", "Ticket HM-4702 resolved", "Map would not load", "3 Nov"),
            TimelineEvent("scale", "Appeal overturned", "Photo restored, clause 4.2", "19 Oct", Tone.OK),
        ]
    )
    pane = Pane("surface", "l")
    inner = QVBoxLayout()
    inner.setContentsMargins(16, 12, 16, 12)
    inner.setSpacing(10)
    for part in (facts, Rule(), SectionRow("What happened", "3"), timeline):
        inner.addWidget(part)
    inner.addStretch(1)
    pane.column.addWidget(PaneHead("Rowan Hale"))
    pane.column.addLayout(inner)
    return pane


def navigation() -> tuple[QWidget, ...]:
    tabs, views = TabBar(), ViewBar()
    tabs.set_items([("today", "Today"), ("tickets", "Tickets"), ("safety", "Safety"), ("audit", "Audit")])
    tabs.set_current("tickets")
    tabs.set_count("tickets", 1_042)
    tabs.set_count("safety", 8, urgent=True)
    views.set_items([("mine", "My queue"), ("free", "Unclaimed"), ("due", "Due in 2 h")])
    views.set_count("mine", 12)
    views.set_count("free", 9)
    undo = UndoBar()
    undo.offer("Reply on HM-4818 leaves in", 20)
    bars = LoadingBars(1)
    bars._draw(True)
    bars.setFixedSize(300, 60)
    return row(tabs), row(views, undo, space=24), row(bars)


def states() -> tuple[EmptyState, EmptyState]:
    done = EmptyState(
        "inbox",
        "Nothing is waiting in My queue",
        "You have answered all twelve. Nine cases are unclaimed, the nearest is due at 02:55.",
        action="Take the next one",
        key="C",
        second="Show Unclaimed",
        keys="J or K picks a case, / searches.",
    )
    failed = EmptyState(
        "triangle-alert",
        "The queue could not be read",
        "Your draft is kept. Try again in a minute. Reference 7F3A.",
        variant=Variant.ERROR,
        action="Try again",
    )
    return done, failed


def component_sheet() -> QWidget:
    """The whole sheet; the first control, in the banner, has the keyboard once the sheet is shown."""
    sheet = Pane("surface")
    sheet.setFixedSize(*SIZE)
    sheet.column.addWidget(
        Banner(
            Tone.WARN,
            "cloud-off",
            "You are offline.",
            "Your work is kept here. Trying again in 8 s.",
            action="Try now",
        )
    )
    grid = QGridLayout()
    grid.setContentsMargins(24, 12, 0, 12)
    grid.setSpacing(12)
    left = QVBoxLayout()
    left.setSpacing(10)
    left.setAlignment(Qt.AlignmentFlag.AlignTop)
    for part in (*navigation(), buttons(), fields(), chips(), people(), clock(), *messages()):
        left.addWidget(part)
    grid.addLayout(left, 0, 0, 1, 2)
    grid.addWidget(person(), 0, 2)
    for at, state in enumerate(states()):
        grid.addWidget(state, 1, at)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(2, 290)
    sheet.column.addLayout(grid)
    return sheet
