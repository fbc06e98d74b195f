"""How the queue looks: golden pictures per theme and width, and strangers' texts that must look like text.

`UPDATE_GOLDENS=1` paints the golden pictures anew; look at each before it is committed.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyle

from hotmess_console.domain.safe_text import clean_line
from hotmess_console.domain.values import Status, Urgency
from hotmess_console.ui.theme import fonts
from hotmess_console.ui.theme.tokens import DARK, PALETTES
from hotmess_console.ui.viewmodels.queue_rows import SNIPPET_LIMIT, SUBJECT_LIMIT, Row
from hotmess_console.ui.viewmodels.selection import Selection
from hotmess_console.ui.widgets.queue_delegate import QueueDelegate
from hotmess_console.ui.widgets.queue_list import QueueList
from tests.ui.queue_samples import MINE, NOW, THEIRS, busy_night, make_case, make_model, words

pytestmark = [pytest.mark.foundation, pytest.mark.usefixtures("qapp")]

ROOT = Path(__file__).resolve().parents[2]
GOLDENS = ROOT / "tests" / "goldens"
NAUGHTY = ROOT.parent / "shared" / "data" / "naughty.json"
CHANNEL_TOLERANCE, SHARE_TOLERANCE = 48, 0.002
"""Text edges may differ by rounding between processors; a moved word or another colour exceeds both."""


# ── golden pictures ──


def paint_queue(theme: str, width: int) -> QImage:
    """The busy night with a focused, a ticked, a returned and a read-by-others row."""
    fonts.load_fonts()
    model = make_model(busy_night())
    by_number = {case.number: case.id for case in busy_night()}
    model.show_readers({by_number[10_482]: (THEIRS, MINE), by_number[10_474]: (THEIRS,)})
    view = QueueList(model, PALETTES[theme], clock=lambda: 0.0)
    view.resize(width, 12 * 56 + 20)
    view.show()
    view.setFocus()
    view.go_to(by_number[10_474])
    model.set_ticked(Selection(frozenset({by_number[10_459]})))
    model.take_away(by_number[10_455])
    model.bring_back(by_number[10_455], "Came back: Jo Kerr changed it first")
    QApplication.processEvents()
    picture = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    view.close()
    view.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return picture


def share_that_differs(one: QImage, other: QImage) -> float:
    """The share of pixels of which any channel differs by more than the tolerance."""
    if one.size() != other.size():
        return 1.0
    mine, theirs = (bytes(picture.constBits()) for picture in (one, other))
    if mine == theirs:
        return 0.0
    far = {
        place // 4
        for place, (a, b) in enumerate(zip(mine, theirs, strict=True))
        if abs(a - b) > CHANNEL_TOLERANCE and place % 4 != 3
    }
    return len(far) / (one.width() * one.height())


@pytest.mark.parametrize("width", [456, 760])
@pytest.mark.parametrize("theme", sorted(PALETTES))
def test_the_queue_looks_as_it_was_approved(theme: str, width: int, tmp_path: Path) -> None:
    painted = paint_queue(theme, width)
    golden = GOLDENS / f"queue-{theme.replace(' ', '-')}-{width}.png"
    if os.environ.get("UPDATE_GOLDENS") == "1":
        GOLDENS.mkdir(exist_ok=True)
        assert painted.save(str(golden))
    approved = QImage(str(golden)).convertToFormat(QImage.Format.Format_RGB32)
    painted.save(str(tmp_path / golden.name))
    assert share_that_differs(painted, approved) <= SHARE_TOLERANCE, f"compare {tmp_path / golden.name}"


def test_a_picture_that_differs_by_one_word_is_noticed() -> None:
    one, other = paint_queue("dark", 456), paint_queue("dark", 456)
    painter = QPainter(other)
    painter.fillRect(QRect(40, 10, 60, 16), QColor("#8E8E93"))
    painter.end()
    assert share_that_differs(one, other) > SHARE_TOLERANCE


# ── single rows ──


@pytest.fixture(scope="module")
def delegate(qapp: QApplication) -> QueueDelegate:
    fonts.load_fonts()
    return QueueDelegate(DARK)


def paint_row(
    delegate: QueueDelegate,
    row: Row,
    width: int = 760,
    state: QStyle.StateFlag = QStyle.StateFlag.State_Enabled,
) -> QImage:
    picture = QImage(width, delegate.row_height(row.kind), QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.magenta)
    painter = QPainter(picture)
    delegate.paint_row(painter, picture.rect(), row, state)
    painter.end()
    return picture


def test_every_pixel_of_a_row_is_painted(delegate: QueueDelegate) -> None:
    magenta = QColor("magenta").rgb()
    for width in (360, 456, 760):
        picture = paint_row(delegate, words(make_case(1), NOW, ()), width)
        assert all(picture.pixel(x, y) != magenta for x in range(width) for y in range(picture.height()))


def test_stacked_marks_stay_in_their_own_row(delegate: QueueDelegate) -> None:
    picture = QImage(456, 3 * 56, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.magenta)
    tall = replace(hostile_row("plain"), subject="\u0e14" + "\u0e49" * 40)
    painter = QPainter(picture)
    delegate.paint_row(painter, QRect(0, 56, 456, 56), tall, QStyle.StateFlag.State_Enabled)
    painter.end()
    magenta = QColor("magenta").rgb()
    assert all(picture.pixel(x, y) == magenta for x in range(456) for y in (*range(50, 56), *range(112, 118)))


def test_a_layout_is_reused_until_the_words_or_the_width_change(delegate: QueueDelegate) -> None:
    row = words(make_case(1), NOW, ())
    lines = delegate.lines
    assert lines.of(row, 456) is lines.of(replace(row), 456)
    assert lines.of(row, 456) is not lines.of(row, 457)
    assert lines.of(row, 456) is not lines.of(replace(row, due="1 min", version=9), 456)


def test_switching_the_theme_repaints_in_its_colours() -> None:
    fonts.load_fonts()
    row = words(make_case(1), NOW, ())
    switched = QueueDelegate(PALETTES["light"])
    light = paint_row(switched, row)
    switched.set_palette(DARK)
    assert paint_row(switched, row) == paint_row(QueueDelegate(DARK), row)
    assert paint_row(switched, row) != light


def test_rows_grow_with_the_systems_font() -> None:
    fonts.load_fonts()
    before = fonts.current_scale()
    try:
        fonts.set_scale(1.5)
        large = QueueDelegate(DARK)
        assert large.row_height() == 84
        assert large.row_height("section") == 45
        # 760 px hold as much as 507 did: too little for columns.
        assert not large.lines.is_wide(760)
        assert paint_row(large, words(make_case(1), NOW, ())).height() == 84
    finally:
        fonts.set_scale(before)


def shape(picture: QImage, area: QRect) -> bytes:
    """Which pixels of an area are not the plain plane: what is left of it without colour."""
    plane = QColor(DARK.surface).rgb()
    columns, lines = range(area.left(), area.right() + 1), range(area.top(), area.bottom() + 1)
    return bytes(picture.pixel(x, y) != plane for y in lines for x in columns)


def test_urgency_can_be_told_apart_without_colour(delegate: QueueDelegate) -> None:
    rows = [words(make_case(1, urgency=urgency), NOW, ()) for urgency in Urgency]
    assert len({shape(paint_row(delegate, row), QRect(12, 18, 20, 20)) for row in rows}) == len(Urgency)


def test_status_can_be_told_apart_without_colour_but_for_closed_which_is_resolved_and_over(
    delegate: QueueDelegate,
) -> None:
    rows = [words(make_case(1, status=status), NOW, ()) for status in Status]
    rings = {shape(paint_row(delegate, row, 456), QRect(39, 30, 16, 16)) for row in rows}
    assert len(rings) == len(Status) - 1


def test_sections_and_clusters_are_painted(delegate: QueueDelegate) -> None:
    row = words(make_case(1), NOW, ())
    section = Row(row.id, "", "Immediate action", kind="section", urgency=Urgency.IMMEDIATE, count=3, note="1 hour")
    assert section.spoken() == "Section Immediate action, 3 cases, 1 hour."
    assert paint_row(delegate, section, 456).height() == 30
    for width in (456, 760):
        cluster = replace(row, kind="cluster", count=37)
        assert "37 near-identical" in cluster.spoken()
        assert paint_row(delegate, cluster, width) != paint_row(delegate, row, width)


# ── hostile text ──


def hostile_row(text: str) -> Row:
    return words(replace(make_case(1, version=7), subject=text or " ", snippet=text), NOW, ())


def escaped_picture(text: str) -> QImage:
    """The row with its subject drawn by `QPainter.drawText`, which knows no markup, from the escaped text."""
    blank = replace(hostile_row("plain"), subject="", snippet=clean_line(text, SNIPPET_LIMIT))
    picture = paint_row(QueueDelegate(DARK), blank, 456)
    letters = fonts.font("row")
    escaped = clean_line(text, SUBJECT_LIMIT) or "(no subject)"
    elided = QFontMetricsF(letters).elidedText(escaped, Qt.TextElideMode.ElideRight, 456 - 14 - 64 - 88 - 12 - 40)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(letters)
    painter.setPen(QColor(DARK.body))
    painter.drawText(QPointF(40, 24), elided)
    painter.end()
    return picture


def payloads() -> list[str]:
    if not NAUGHTY.exists():
        pytest.skip("the hostile strings of ../shared/data are not here")
    found = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    assert len(found) > 500
    return [str(text) for text in found]


def test_every_naughty_string_is_painted_as_its_escaped_text_without_a_stall(delegate: QueueDelegate) -> None:
    slowest = 0.0
    for text in payloads():
        # twice: the first text of a script waits for its fonts to be found on the disk, once in a run
        paint_row(delegate, hostile_row(text), 456)
        start = thread_time()
        painted = paint_row(delegate, hostile_row(text), 456)
        slowest = max(slowest, thread_time() - start)
        # A soft hyphen at the very end is drawn by one of the two ways only: a dozen pixels.
        assert share_that_differs(painted, escaped_picture(text)) < 0.001, text[:80]
    assert slowest < 0.1


def ink_of(picture: QImage, area: QRect) -> int:
    """How many pixels of an area are not the plain plane."""
    plane = QColor(DARK.surface).rgb()
    return sum(
        picture.pixel(x, y) != plane
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
    )


@pytest.mark.parametrize("tag", ["<b>bold</b>", "<img src='x'>", "<h1>large</h1>", "&lt;i&gt;", "<table><tr><td>"])
def test_markup_is_shown_letter_by_letter(delegate: QueueDelegate, tag: str) -> None:
    """Each letter of the tag leaves ink, as letters that are no markup do."""
    area = QRect(40, 12, 300, 14)
    same_letters = tag.replace("<", "‹").replace(">", "›").replace("&", "8").replace(";", ":")
    shown = ink_of(paint_row(delegate, hostile_row(tag)), area)
    plain = ink_of(paint_row(delegate, hostile_row(same_letters)), area)
    assert shown == pytest.approx(plain, rel=0.35)


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_no_text_paints_outside_its_columns(text: str) -> None:
    fonts.load_fonts()
    painted = paint_row(QueueDelegate(DARK), hostile_row(text), 456)
    plain = paint_row(QueueDelegate(DARK), hostile_row("plain"), 456)
    for left, right in ((0, 38), (300, 456)):
        area = QRect(left, 0, right - left, 56)
        assert painted.copy(area) == plain.copy(area)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 300_000,
        "e" + "\u0301" * 100_000,
        "<table><tr><td>" * 20_000,
        "\U0001f469\u200d" * 50_000,
        "\u202e" * 90_000,
    ],
    ids=["long line", "stacked marks", "nested tables", "joined emoji", "overrides"],
)
def test_an_endless_text_is_painted_within_100_ms(delegate: QueueDelegate, text: str) -> None:
    paint_row(delegate, hostile_row(text[:50]), 456)
    start = thread_time()
    paint_row(delegate, hostile_row(text), 456)
    assert thread_time() - start < 0.1
