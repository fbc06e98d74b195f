"""Files and links do nothing by themselves: a file is saved where one says, a link asks first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.errors import BadInput
from hotmess_console.ui.details.attachments import AttachmentRow, file_name
from hotmess_console.ui.details.link_sheet import LinkSheet, ask_about
from tests.ui.fakes_details import (
    detail,
    file,
    incoming,
)
from tests.ui.shown_detail import Run, Shown, shown_detail, until

pytestmark = pytest.mark.foundation


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Shown]:
    with shown_detail(qapp) as window:
        yield window


# files


def test_a_file_is_a_row_and_never_opened_by_itself(shown: Shown) -> None:
    shown.show(detail(messages=(incoming(1, 3, "Look", attachments=(file(9),)),)))
    row = shown.cards()[0].findChildren(AttachmentRow)[0]
    assert row.accessibleName() == "File statement.png, Picture, 212 kB, held until opened"
    assert shown.opened == []


def test_a_file_is_saved_where_the_person_says(shown: Shown, gui: Run, tmp_path: Path) -> None:
    shown.show(detail(messages=(incoming(1, 3, "Look", attachments=(file(9),)),)))
    shown.host.link.files[str(UUID(int=9))] = b"picture"
    shown.places.append(tmp_path / "mine.png")
    button = shown.cards()[0].findChildren(AttachmentRow)[0].button

    async def press() -> None:
        QTest.keyClick(button, Qt.Key.Key_Return)
        await until(lambda: bool(shown.host.told))

    gui(press())
    assert (tmp_path / "mine.png").read_bytes() == b"picture"
    assert shown.host.told[0].text == "Saved mine.png."


def test_a_place_that_cannot_be_written_to_is_told(shown: Shown, gui: Run, tmp_path: Path) -> None:
    shown.show(detail(messages=(incoming(1, 3, "Look", attachments=(file(9),)),)))
    shown.host.link.files[str(UUID(int=9))] = b"picture"
    shown.places.append(tmp_path / "nowhere" / "mine.png")

    async def press() -> None:
        shown.cards()[0].findChildren(AttachmentRow)[0].button.click()
        await until(lambda: bool(shown.host.told))

    gui(press())
    assert shown.host.told[0].text.startswith("The file was not saved: ")


def test_whoever_changes_their_mind_reads_nothing_from_the_desk(shown: Shown, gui: Run) -> None:
    shown.show(detail(messages=(incoming(1, 3, "Look", attachments=(file(9),)),)))
    shown.places.append(None)

    async def press() -> None:
        shown.cards()[0].findChildren(AttachmentRow)[0].button.click()
        await until(lambda: not shown.places)

    gui(press())
    assert shown.host.told == []


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ("statement.png", "statement.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\.bashrc", "bashrc"),
        ("a\u202egnp.exe", "a_U+202E_gnp.exe"),
        ("con:*?|.txt", "con____.txt"),
        ("", "file"),
        ("...", "file"),
        ("x" * 500 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_a_strangers_file_name_is_made_harmless(given: str, offered: str) -> None:
    assert file_name(given) == offered


# links


def ask(shown: Shown, gui: Run, url: str, press: Callable[[LinkSheet], None]) -> None:
    def browse(target: QUrl) -> bool:
        shown.opened.append(target.toString())
        return True

    async def both() -> None:
        task = asyncio.ensure_future(ask_about(shown.host, url, browse))
        await until(lambda: any(s.isVisible() for s in shown.window.findChildren(LinkSheet)))
        press(next(s for s in shown.window.findChildren(LinkSheet) if s.isVisible()))
        await task

    gui(both())


def test_a_link_asks_first_and_shows_where_it_really_leads(shown: Shown, gui: Run) -> None:
    def press(sheet: LinkSheet) -> None:
        assert sheet.host_label.text() == "xn--pple-43d.example"
        assert shown.window.focusWidget() is sheet.stay
        sheet.go.click()

    ask(shown, gui, "https://аpple.example/login", press)
    assert len(shown.opened) == 1


def test_staying_opens_nothing(shown: Shown, gui: Run) -> None:
    ask(shown, gui, "https://bank.example/", lambda sheet: sheet.stay.click())
    assert shown.opened == []


def test_the_address_can_be_copied_instead(shown: Shown, gui: Run) -> None:
    ask(shown, gui, "https://bank.example/help", lambda sheet: sheet.copy.click())
    assert QApplication.clipboard().text() == "https://bank.example/help"
    assert shown.opened == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://", "https://a.example:nn/"])
def test_what_is_no_web_address_is_refused(shown: Shown, gui: Run, url: str) -> None:
    with pytest.raises(BadInput):
        gui(ask_about(shown.host, url, lambda _url: True))
