"""The history tells every command in words, and what was taken back as such."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any
from uuid import UUID

import pytest

from hotmess_console import services
from hotmess_console.domain.threads import Pause
from hotmess_console.services.bus import Command
from hotmess_console.ui.theme import icons
from hotmess_console.ui.viewmodels.history_words import WORDS, HistoryLine, Teller, lines_of, words_of
from tests.ui.fakes_details import COLLEAGUE, LONDON, ME, NOW, STAFF, ago, busy_ticket, detail, happened

pytestmark = pytest.mark.foundation

TELLER = Teller(STAFF, ME, NOW, LONDON)


def every_command_name() -> set[str]:
    """The names of all commands that the services define, however many modules there are."""
    for module in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        importlib.import_module(module.name)
    found, waiting = set(), [Command]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(services.__name__) and not inspect.isabstract(kind):
            found.add(kind.name)
    return found


def line(name: str, **also: Any) -> HistoryLine:
    return words_of(happened(1, 5, name, **also), TELLER)


def test_every_command_has_words_of_its_own() -> None:
    names = every_command_name()
    assert len(names) > 15
    assert sorted(names - WORDS.keys()) == []


@pytest.mark.parametrize("name", sorted(WORDS))
def test_the_words_need_nothing_that_an_old_record_may_lack(name: str) -> None:
    told = line(name)
    assert told.title
    assert told.icon in icons.names()
    assert "None" not in told.title + told.detail


@pytest.mark.parametrize(
    ("name", "also", "title", "about"),
    [
        ("ticket.claim", {}, "Claimed", "You"),
        ("ticket.claim", {"actor": COLLEAGUE}, "Claimed", "Jo Kerr"),
        ("ticket.assign", {"params": {"to": COLLEAGUE}}, "Assigned to Jo Kerr", "You"),
        ("ticket.assign", {"params": {"to": None}}, "Given back to the queue", "You"),
        (
            "ticket.set_category",
            {"params": {"category": "billing"}, "prior": {"category": "general"}},
            "Category: Billing",
            "You · Was general",
        ),
        (
            "ticket.escalate",
            {"params": {"to": 3, "criterion": "legal", "reason": "A solicitor wrote."}},
            "Escalated to level 3, management",
            "You · Legal concerns: A solicitor wrote",
        ),
        (
            "ticket.return_to_level",
            {"params": {"to": 1, "reason": "Solved"}},
            "Handed back to level 1, support team",
            "You · Solved",
        ),
        ("ticket.snooze", {"params": {"until": "2026-11-24T09:00:00+00:00"}}, "Snoozed until Tue 09:00", "You"),
        ("ticket.reply", {"params": {"then": "resolved"}}, "Replied and resolved", "You"),
        ("intake.drain", {}, "New message", ""),
        ("settings.unheard_of", {}, "Settings: unheard of", "You"),
    ],
)
def test_a_command_is_told_with_what_it_did(name: str, also: dict[str, Any], title: str, about: str) -> None:
    told = line(name, **also)
    assert (told.title, told.detail) == (title, about)


def test_what_was_taken_back_is_struck_and_the_undo_says_what_it_meant() -> None:
    lines = lines_of(busy_ticket(), staff=STAFF, me=ME, now=NOW, zone=LONDON)
    struck = [one for one in lines if one.struck]
    assert [one.title for one in struck] == ["Priority: Urgent"]
    assert struck[0].detail.endswith("taken back")
    assert [one.detail for one in lines if one.title == "Taken back"] == ["You · Priority: Urgent"]


def test_the_newest_comes_first_and_the_opening_last() -> None:
    lines = lines_of(busy_ticket(), staff=STAFF, me=ME, now=NOW, zone=LONDON)
    moments = [one.at for one in lines if one.at]
    assert moments == sorted(moments, reverse=True)
    assert lines[-1].title == "Opened"


def test_pauses_are_events_of_their_own_and_an_open_one_has_no_length() -> None:
    given = detail(pauses=(Pause(ago(60), ago(34)), Pause(ago(10), None), Pause(ago(5), ago(4.9))))
    lines = lines_of(given, staff=STAFF, me=ME, now=NOW, zone=LONDON)
    assert [(one.title, one.detail) for one in lines[:2]] == [
        ("Clock paused", "Waiting for an answer"),
        ("Clock ran again", "It stood still for 26 min"),
    ]
    assert len(lines) == 3


@pytest.mark.parametrize(
    "params",
    [
        {"to": "x" * 10_000, "reason": "\u202e<b>", "criterion": "?"},
        {"to": [], "until": {}, "then": 5, "template": "<img src=x>" * 50, "taken_back": 7, "priority": "\0" * 999},
        {"reason": "sha256:" + "0" * 64, "to": 2},
    ],
)
@pytest.mark.parametrize("name", sorted(WORDS))
def test_odd_records_are_told_in_one_clean_short_line(name: str, params: dict[str, Any]) -> None:
    told = words_of(happened(1, 5, name, params=params), TELLER)
    assert len(told.title) <= 120
    assert len(told.detail) <= 300
    assert not set("\u202e\0\n") & set(told.title + told.detail)


def test_an_undo_of_an_undo_does_not_talk_about_itself_for_ever() -> None:
    first = happened(1, 5, "command.undo", params={"taken_back": str(UUID(int=1))})
    told = words_of(first, Teller(STAFF, ME, NOW, LONDON, {first.command: first}))
    assert told.title == "Taken back"


@pytest.mark.parametrize(
    ("name", "title", "about"),
    [
        ("demo.seed", "Made up by the demo", ""),
        ("import.tickets", "Imported from a file", "Whoever runs the console"),
        ("history.adopt", "Taken over from before the console", "Whoever runs the console"),
    ],
)
def test_what_was_run_from_a_terminal_names_no_former_colleague(name: str, title: str, about: str) -> None:
    told = line(name, actor="postgres")
    assert (told.title, told.detail) == (title, about)


def test_a_reply_names_its_template_as_people_do() -> None:
    known = line("ticket.reply", params={"template": "refund-confirmation", "template_name": "Refund Confirmation"})
    assert "Template: Refund Confirmation" in known.detail
    assert "Template: Refund confirmation" in line("ticket.reply", params={"template": "refund-confirmation"}).detail
