"""What the thread says of each message, and what it hides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from hotmess_console.domain.arrivals import PlatformReply
from hotmess_console.domain.people import UNVERIFIED
from hotmess_console.domain.threads import Delivery, DeliveryState, Message
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.services.platform_rows import reply_message
from hotmess_console.ui.viewmodels.mask import Mask, pseudonym
from hotmess_console.ui.viewmodels.thread_rows import (
    OUR_NAME,
    RowKind,
    StateWords,
    ThreadRow,
    counts_down,
    rows_of,
    size_words,
    state_words,
)
from tests.ui.fakes_details import (
    CASE,
    COLLEAGUE,
    LONDON,
    ME,
    NOW,
    STAFF,
    ago,
    detail,
    incoming,
    note,
    outgoing,
)

pytestmark = pytest.mark.foundation


def rows(given: TicketDetail, *, masked: bool = False) -> list[ThreadRow]:
    mask = Mask(given.ticket.requester_name, given.ticket.requester_email, masked)
    return rows_of(given, me=ME, staff=STAFF, now=NOW, zone=LONDON, mask=mask)


def only(message: Message, *, masked: bool = False) -> ThreadRow:
    return rows(detail(messages=(message,)), masked=masked)[-1]


def words(message: Message) -> StateWords:
    return state_words(only(message), NOW, LONDON)


def test_messages_and_notes_stand_in_time_order_with_a_heading_for_each_day() -> None:
    given = detail(
        messages=(incoming(1, 218, "first"), outgoing(2, 38, "third", None)), notes=(note(3, 170, "second"),)
    )
    shown = [(row.kind, row.body or row.time) for row in rows(given)]
    assert shown == [
        (RowKind.DAY, "Yesterday"),
        (RowKind.INCOMING, "first"),
        (RowKind.NOTE, "second"),
        (RowKind.DAY, "Today"),
        (RowKind.OUTGOING, "third"),
    ]


def test_reading_the_same_thread_later_gives_equal_rows() -> None:
    given = detail(messages=(incoming(1, 30, "hello"), outgoing(2, 10, "hi", DeliveryState.SENT)))
    assert rows(given) == rows(replace(given, read_at=NOW + timedelta(minutes=5)))


@pytest.mark.parametrize(
    ("message", "author"),
    [
        (incoming(1, 1, "x"), "Rowan Hale"),
        (incoming(1, 1, "x", author_name="R. H."), "R. H."),
        (outgoing(1, 1, "x", None), "You"),
        (outgoing(1, 1, "x", None, author=COLLEAGUE), "Jo Kerr"),
        (outgoing(1, 1, "x", None, author=None), OUR_NAME),
        (outgoing(1, 1, "x", None, author="gone"), "a former colleague"),
    ],
)
def test_each_message_names_who_wrote_it(message: Message, author: str) -> None:
    assert only(message).author == author


def test_a_person_without_a_name_is_called_by_the_address_before_the_at_sign() -> None:
    assert Mask("", "sam@example.org").shown_name == "sam"
    assert Mask("", None).shown_name == "Name not given"


def test_who_came_in_without_an_address_is_called_imported_and_no_invented_address_is_shown() -> None:
    first, second = (Mask("", f"{key}@import.invalid") for key in ("9f1c22ab90dd01e7", "9f1c22ab90dd01e8"))
    assert first.shown_name.startswith("Imported ")
    assert first.shown_name != second.shown_name
    assert first.shown_name == first.first_name == Mask("", "9F1C22AB90DD01E7@import.invalid").shown_name
    assert "9f1c" not in first.shown_name
    assert first.shown_email == Mask("", "9f1c22ab90dd01e7@import.invalid", True).shown_email == ""
    assert Mask("Ada Byron", "9f1c22ab90dd01e7@import.invalid").shown_name == "Ada Byron"
    assert Mask("", "9f1c22ab90dd01e7@import.invalid", True).shown_name.startswith("Person ")


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        (UNVERIFIED, True),
        ("HOTMESS Support", True),
        ("the official admins", True),
        ("jo  kerr", True),
        ("Rowan Hale", False),
        ("Stafford Cripps", False),
    ],
)
def test_whoever_claims_to_be_staff_is_marked_as_unverified(name: str, marked: bool) -> None:
    assert only(incoming(1, 1, "Send me your code", author_name=name)).unverified is marked


def test_a_platform_reply_that_says_it_is_an_admin_is_marked_all_the_way_from_the_intake() -> None:
    reply = PlatformReply(UUID(int=1), UUID(int=2), None, "admin", "hello", (), NOW)
    arrived = reply_message(reply, CASE)
    assert only(incoming(1, 1, arrived.body, author_name=arrived.author_name)).unverified


def test_our_own_message_is_never_marked_as_unverified() -> None:
    assert not only(outgoing(1, 1, "x", None, author=None)).unverified


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (DeliveryState.HELD, "Held 14 s"),
        (DeliveryState.SENDING, "Sending"),
        (DeliveryState.SENT, "Sent 01:53"),
        (DeliveryState.FAILED, "Not sent"),
        (DeliveryState.UNKNOWN, "Not known whether it left"),
        (DeliveryState.CANCELLED, "Taken back before it was sent"),
        (None, "No address"),
    ],
)
def test_every_state_of_a_delivery_has_words(state: DeliveryState | None, shown: str) -> None:
    assert words(outgoing(1, 38, "x", state)).words == shown


def test_a_failure_says_why_and_can_be_sent_again() -> None:
    failed = words(outgoing(1, 3, "x", DeliveryState.FAILED, error="mailbox full."))
    assert (failed.trouble, failed.may_send_again) == ("Failed: mailbox full.", True)


def test_an_unknown_fate_warns_that_the_message_may_arrive_twice() -> None:
    unknown = words(outgoing(1, 3, "x", DeliveryState.UNKNOWN))
    assert unknown.may_send_again
    assert "twice" in unknown.trouble


def test_what_has_left_cannot_be_sent_again() -> None:
    assert not words(outgoing(1, 3, "x", DeliveryState.SENT)).may_send_again


def test_a_hold_counts_down_and_then_says_that_it_leaves() -> None:
    row = only(outgoing(1, 0, "x", DeliveryState.HELD))
    assert counts_down(row)
    seconds = [state_words(row, NOW + timedelta(seconds=n), LONDON).words for n in (0, 0.5, 13, 14, 60)]
    assert seconds == ["Held 14 s", "Held 14 s", "Held 1 s", "Leaving now", "Leaving now"]


def test_a_retracted_message_is_struck_and_no_longer_counts_down() -> None:
    row = only(replace(outgoing(1, 0, "x", DeliveryState.HELD), retracted=True))
    assert row.struck
    assert not counts_down(row)
    assert state_words(row, NOW, LONDON).words == "Taken back before it was sent"


def test_a_long_message_is_folded_at_a_word_and_a_short_one_is_not() -> None:
    long = only(incoming(1, 1, "several words " * 1_400))
    assert long.is_long
    assert len(long.folded) < 1_000
    assert long.folded.endswith(" …")
    assert only(incoming(1, 1, "short")).folded == "short"


def test_many_short_lines_are_folded_too() -> None:
    row = only(incoming(1, 1, "a\n" * 200))
    assert row.is_long
    assert row.folded.count("\n") < 20


def test_each_row_speaks_one_sentence() -> None:
    row = only(incoming(1, 12, "hello", author_name="HOTMESS admin"))
    spoken = "Message from HOTMESS admin, Mon 23 Nov 2026, 02:19 GMT, email, claims to be staff and is not verified."
    assert row.spoken() == spoken


def test_the_mask_hides_name_and_addresses_and_keeps_one_pseudonym() -> None:
    body = "Hi Rowan, rowan.hale@example.org or other@example.com. ROWAN HALE; rowanberry."
    row = only(incoming(1, 1, body), masked=True)
    person = pseudonym("Rowan Hale", "rowan.hale@example.org")
    assert row.author == person
    assert row.body == f"Hi {person}, ••••@•••• or ••••@•••• {person}; rowanberry."
    assert pseudonym("another spelling", "Rowan.Hale@example.org ") == person


def test_a_colleague_keeps_the_name_under_the_mask() -> None:
    assert rows(detail(notes=(note(1, 1, "Rowan wrote"),)), masked=True)[-1].author == "Jo Kerr"


@pytest.mark.parametrize(("size", "shown"), [(0, ""), (900, "900 bytes"), (212_000, "212 kB"), (2_500_000, "2.5 MB")])
def test_sizes_are_said_as_people_say_them(size: int, shown: str) -> None:
    assert size_words(size) == shown


def test_a_delivery_without_a_time_of_sending_still_says_that_it_was_sent() -> None:
    message = replace(outgoing(1, 5, "x", None), delivery=Delivery(DeliveryState.SENT, "a@example.org", ago(5)))
    assert words(message).words == "Sent"
