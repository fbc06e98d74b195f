"""Whatever strangers write is drawn letter by letter: no label, tip or message interprets it."""

from __future__ import annotations

import html
import json
import unicodedata
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QBitmap, QImage, QPainter, QRegion, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.domain.safe_text import clean, clean_line, links
from hotmess_console.ui.theme.fonts import font
from hotmess_console.ui.theme.style import colour, theme
from hotmess_console.ui.widgets.message_text import displayed
from hotmess_console.ui.widgets.safe_text import SafeLabel, SafeText, hide_tip, set_safe_tooltip, show_tip

pytestmark = pytest.mark.foundation

NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "naughty.json"


ROOM, WIDE = 60, 900
"""Letters with piled marks reach far beyond their line; the pictures leave room for them."""


def payloads() -> list[str]:
    if not NAUGHTY.exists():
        pytest.skip("the payloads of ../shared/data are not on this machine")
    own = [
        "<b>bold</b>",
        "<img src='x' width='900' height='900'>",
        "<table>" * 60,
        "&amp;&lt;",
        "a\u202eb",
        "x" * 300_000,
    ]
    all_of_them = [*own, *json.loads(NAUGHTY.read_text(encoding="utf-8"))]
    # Qt hands a no-break space back as a space: that is its rule for plain text, not markup.
    return [payload.replace("\xa0", " ") for payload in all_of_them]


def shot(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def escaped(words: str) -> str:
    """Markup that means exactly these words, written by the rules of HTML and not by the console's code."""
    inner = html.escape(words).replace(chr(10), "<br>")
    return f"<p style='margin: 0; white-space: pre-wrap; color: {theme().palette.body}'>{inner}</p>"


def drawn_from_markup(markup: str, step: str, plane: str) -> QImage:
    """What Qt's own HTML engine draws: a different path from the console's."""
    document = QTextDocument()
    document.setDefaultFont(font(step))
    document.setDocumentMargin(ROOM)
    document.setHtml(markup)
    # The same width, so that right-to-left words begin at the same fraction of a pixel.
    document.setTextWidth(WIDE)
    picture = QImage(QSize(WIDE, 3 * ROOM), QImage.Format.Format_RGB32)
    picture.fill(colour(plane))
    painter = QPainter(picture)
    document.drawContents(painter)
    painter.end()
    return picture


def ink(picture: QImage) -> QImage:
    """The picture cut to what differs from its corner's colour, so that only the drawing counts."""
    flat = picture.convertToFormat(QImage.Format.Format_RGB32)
    mask = flat.createMaskFromColor(flat.pixel(flat.width() - 1, 0), Qt.MaskMode.MaskInColor)
    area = QRegion(QBitmap.fromImage(mask)).boundingRect()
    return flat.copy(area) if not area.isEmpty() else QImage()


def single_lines(most: int = 40) -> list[str]:
    """The payloads that are one short line without links: nearly all of them."""
    shown = [clean_line(payload) for payload in payloads()]
    return [line for line in shown if 0 < len(line) <= most and line == clean(line) and not links(line)]


def from_the_left(line: str) -> bool:
    """Whether no letter is written from the right: those begin at a fraction of a pixel, which differs."""
    return not any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in line)


def inside_the_line(line: str) -> bool:
    """Whether no marks reach out of the line: a tip ends there, and the whole picture does not."""
    return not any(unicodedata.category(letter).startswith("M") for letter in line)


def label_shot(words: str) -> QImage:
    label = SafeLabel(words, wrap=True)
    label.setAutoFillBackground(True)
    label.setContentsMargins(ROOM, ROOM, ROOM, ROOM)
    label.resize(WIDE, 3 * ROOM)
    return shot(label)


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> None:
    theme().apply(qapp, "dark")


def test_a_label_draws_each_payload_as_the_escaped_text(qapp: QApplication) -> None:
    lines = list(filter(from_the_left, single_lines()))
    assert len(lines) > 250
    assert [
        ascii(line)
        for line in lines
        if ink(label_shot(line)) != ink(drawn_from_markup(escaped(line), "body", "surface"))
    ] == []


def test_the_proof_notices_markup_that_was_obeyed(qapp: QApplication) -> None:
    assert ink(label_shot("<b>bold</b>")) != ink(drawn_from_markup("<b>bold</b>", "body", "surface"))


def message_shot(words: str) -> QImage:
    message = SafeText(words)
    message.setStyleSheet(f"background: {theme().palette.surface}; border: none; padding: 0")
    message.document().setDocumentMargin(ROOM)
    message.resize(WIDE, 3 * ROOM)
    return shot(message)


def test_a_message_draws_each_payload_as_the_escaped_text(qapp: QApplication) -> None:
    assert [
        ascii(line)
        for line in single_lines()
        if ink(message_shot(line)) != ink(drawn_from_markup(escaped(line), "body", "surface"))
    ] == []


def test_a_message_reads_each_payload_as_it_was_written(qapp: QApplication) -> None:
    for payload in payloads():
        assert SafeText(payload).toPlainText() == displayed(payload)[0], ascii(payload[:80])


def test_a_tip_draws_each_payload_as_the_escaped_text(qapp: QApplication) -> None:
    target = QWidget()
    different = []
    for line in filter(from_the_left, filter(inside_the_line, single_lines(25))):
        set_safe_tooltip(target, line)
        tip = show_tip(line, QPoint(10, 10))
        assert tip is not None
        inner = shot(tip).copy(tip.rect().adjusted(2, 2, -2, -2))
        if ink(inner) != ink(drawn_from_markup(escaped(line), "small", "raised")):
            different.append(ascii(line))
        assert target.toolTip() == ""
    hide_tip()
    assert different == []


@pytest.mark.parametrize("markup", ["<b>bold</b>", "<h1>x</h1>", "<img src='a.png'>", "<a href='x'>y</a>", "a<br>b"])
def test_markup_takes_as_much_room_as_its_letters(qapp: QApplication, markup: str) -> None:
    assert SafeLabel(markup).sizeHint().width() == pytest.approx(
        SafeLabel(markup).fontMetrics().horizontalAdvance(markup), abs=3
    )


def test_no_payload_makes_a_widget_slow_or_endless(qapp: QApplication) -> None:
    message = SafeText("x" * 300_000)
    assert message.heightForWidth(400) < 400 * 20_000
    assert len(message.toPlainText()) <= 20_100


def test_a_long_word_breaks_instead_of_being_clipped(qapp: QApplication) -> None:
    label = SafeLabel("W" * 100, wrap=True)
    assert label.heightForWidth(200) >= 5 * label.heightForWidth(5_000)


def test_a_line_that_does_not_fit_keeps_its_whole_accessible_name(qapp: QApplication) -> None:
    label = SafeLabel("a long subject " * 10, elide=True)
    assert label.accessibleName() == clean_line("a long subject " * 10)
    assert label.minimumSizeHint().width() < 60


def test_parts_in_a_row_cannot_reorder_each_other(qapp: QApplication) -> None:
    label = SafeLabel()
    label.set_parts("שלום\u202e", " 23:40")
    assert label.text() == "\u2068שלום⟦U+202E⟧\u2069\u206823:40\u2069"


def test_a_link_in_disguise_shows_its_real_host(qapp: QApplication) -> None:
    message = SafeText("See https://pаypal.com/x or https://good.example@evil.example/ or https://a.example/b")
    assert message.toPlainText() == (
        "See https://pаypal.com/x [xn--pypal-4ve.com] or https://good.example@evil.example/ [evil.example]"
        " or https://a.example/b"
    )


def test_pressing_a_link_asks_and_opens_nothing(qapp: QApplication) -> None:
    message, asked = SafeText("https://example.org/help now"), []
    message.link_asked.connect(lambda url, host: asked.append((url, host)))
    message.resize(400, 40)
    message.show()
    QTest.mouseClick(message.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    assert asked == [("https://example.org/help", "example.org")]


def underlined(message: SafeText) -> list[str]:
    """The stretches of the text that are drawn as addresses, read back from the document letter by letter."""
    found, block = [], message.document().begin()
    while block.isValid():
        at = block.begin()
        while not at.atEnd():
            if at.fragment().charFormat().isAnchor():
                found.append(at.fragment().text())
            at += 1
        block = block.next()
    return found


def test_each_of_many_addresses_is_marked_at_its_own_letters(qapp: QApplication) -> None:
    addresses = [f"https://a{number}.example/x" for number in range(200)]
    # an emoji is one letter here and two units in Qt, so a wrong count would move every later mark
    assert underlined(SafeText(" \U0001f600\U0001f9d1\u200d\U0001f680\n".join(addresses))) == addresses


class ReadCounting(SafeText):
    """Counts how often the whole text is asked for while it is dressed."""

    asked = 0

    def document(self) -> QTextDocument:
        self.asked += 1
        return super().document()


def test_a_thousand_addresses_are_marked_without_reading_the_text_for_each(qapp: QApplication) -> None:
    few, many = ReadCounting("https://a.example"), ReadCounting("https://a.example\n" * 1_000)
    assert len(underlined(many)) == 1_000
    many.asked = few.asked = 0
    few.set_text("https://b.example")
    many.set_text("https://b.example\n" * 1_000)
    assert many.asked == few.asked


def test_what_is_copied_is_words_alone(qapp: QApplication) -> None:
    message = SafeText("https://example.org/help now")
    message.selectAll()
    copied = message.createMimeDataFromSelection()
    assert (copied.text(), copied.hasHtml()) == ("https://example.org/help now", False)


def test_letters_that_a_font_lacks_fall_back_to_another_family(qapp: QApplication) -> None:
    assert "Noto Sans Hebrew" in font("body").families()
