"""The invented world of the demo: the same for everybody, varied, and safe to show to anyone."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.values import Category, Level, Role, Status
from hotmess_console.services.demo.people import demo_accounts
from hotmess_console.services.demo.situations import demo_folder, read_situations
from hotmess_console.services.demo.staff import demo_staff
from hotmess_console.services.demo.tickets import DemoTicket, accounts_needed, demo_tickets
from hotmess_console.services.demo.wording import unknown_slots

pytestmark = pytest.mark.foundation

NOW = datetime(2026, 11, 23, 22, 15, tzinfo=UTC)
TARGET_HOURS = {
    Category.SAFETY: 1,
    Category.BILLING: 4,
    Category.TECHNICAL: 24,
    Category.GENERAL: 24,
    Category.FEEDBACK: 48,
    Category.BUSINESS: 24,
    Category.OTHER: 24,
}


@pytest.fixture(scope="module")
def thousand() -> list[DemoTicket]:
    return list(demo_tickets(1_000, now=NOW))


def every_text(ticket: DemoTicket) -> list[str]:
    return [ticket.subject, ticket.message, *(turn.text for turn in ticket.turns)]


def waiting_share(ticket: DemoTicket) -> float:
    """How much of the first-response target has gone by."""
    return (NOW - ticket.created_at) / timedelta(hours=TARGET_HOURS[ticket.category])


def test_the_same_seed_gives_the_same_tickets() -> None:
    assert list(demo_tickets(150, 7, now=NOW)) == list(demo_tickets(150, 7, now=NOW))


def test_another_seed_gives_other_tickets() -> None:
    one = {ticket.id for ticket in demo_tickets(50, 1, now=NOW)}
    assert one.isdisjoint(ticket.id for ticket in demo_tickets(50, 2, now=NOW))


def test_asking_for_more_tickets_does_not_change_the_first(thousand: list[DemoTicket]) -> None:
    assert list(demo_tickets(120, now=NOW)) == thousand[:120]


def test_a_later_now_moves_the_times_and_nothing_else() -> None:
    for early, late in zip(demo_tickets(60, now=NOW), demo_tickets(60, now=NOW + timedelta(hours=1)), strict=True):
        assert late.created_at - early.created_at == timedelta(hours=1)
        assert (late.id, late.status, late.requester) == (early.id, early.status, early.requester)


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(BadInput):
        demo_tickets(1, now=NOW.replace(tzinfo=None))


def test_there_are_many_different_situations_over_all_categories() -> None:
    situations = read_situations()
    assert len(situations) >= 80
    assert len({situation.id for situation in situations}) == len(situations)
    assert len({situation.message for situation in situations}) == len(situations)
    per_category = Counter(situation.category for situation in situations)
    assert all(per_category[category] >= 8 for category in Category)


def test_the_situations_are_written_in_fifteen_languages() -> None:
    languages = Counter(situation.language for situation in read_situations())
    assert len(languages) == 15
    assert all(number >= 2 for number in languages.values())


def test_the_first_round_shows_every_situation_once(thousand: list[DemoTicket]) -> None:
    number = len(read_situations())
    assert len({ticket.situation for ticket in thousand[:number]}) == number


@pytest.mark.parametrize(
    "shape",
    [
        "<img ",
        "[Name]",
        "{0.__class__}",
        "DROP TABLE",
        "\u202e",
        "\u200d",
        "\u200b",
        "=HYPERLINK",
        "\u0007",
        "hjkl" * 100,
    ],
)
def test_hostile_shapes_reach_the_tickets_untouched(shape: str, thousand: list[DemoTicket]) -> None:
    assert any(shape in text for ticket in thousand[:100] for text in every_text(ticket))


def test_heaps_of_marks_are_among_the_hostile_texts(thousand: list[DemoTicket]) -> None:
    assert any(re.search("[\u0300-\u036f]{5}", ticket.message) for ticket in thousand[:100])


def test_a_thousand_tickets_do_not_look_copied(thousand: list[DemoTicket]) -> None:
    assert len({ticket.message for ticket in thousand}) >= 950
    assert len({ticket.id for ticket in thousand}) == 1_000


def test_no_slot_and_no_choice_is_left_open(thousand: list[DemoTicket]) -> None:
    for ticket in thousand:
        assert not [text for text in every_text(ticket) if "${" in text or "$[" in text]


def test_an_unknown_slot_is_noticed() -> None:
    assert unknown_slots("Hi ${name}, ${nonsense:3-4} at ${venue}") == {"nonsense"}


def test_every_address_and_link_lies_in_a_reserved_domain(thousand: list[DemoTicket]) -> None:
    texts = [text for ticket in thousand for text in every_text(ticket)]
    texts += [path.read_text(encoding="utf-8") for path in demo_folder().glob("*.toml")]
    hosts = [host for text in texts for host in re.findall(r"(?:\w@|://)([\w.-]+\w)", text)]
    assert hosts
    assert {host for host in hosts if not re.search(r"(^|\.)example\.(org|com|net)$", host)} == set()


def test_every_account_is_reachable_only_in_a_reserved_domain_and_by_a_drama_number() -> None:
    accounts = list(demo_accounts(2_000))
    assert all(re.fullmatch(r"[a-z0-9._]+@example\.(org|com|net)", account.email) for account in accounts)
    phones = [account.phone for account in accounts if account.phone]
    assert phones
    assert all(re.fullmatch(r"07700 900\d{3}", phone) for phone in phones)


def test_phone_numbers_in_texts_come_from_the_drama_range(thousand: list[DemoTicket]) -> None:
    numbers = [number for t in thousand for text in every_text(t) for number in re.findall(r"\b0\d[\d ]{8,}", text)]
    assert numbers
    assert all(re.fullmatch(r"07700 900\d{3}", number.strip()) for number in numbers)


def test_handles_and_ids_are_unique_in_a_large_crowd() -> None:
    accounts = list(demo_accounts(5_000))
    assert len({account.handle for account in accounts}) == len({account.id for account in accounts}) == 5_000


def test_asking_for_more_accounts_does_not_change_the_first() -> None:
    assert list(demo_accounts(90)) == list(demo_accounts(400))[:90]


def test_accounts_cover_all_tiers_and_their_names_are_written_as_their_bearers_do() -> None:
    accounts = list(demo_accounts(420))
    assert {account.tier for account in accounts} == {"BASIC", "PLUS", "CHROME"}
    assert any(re.search("[\u0590-\u05ff]", account.name) for account in accounts)
    assert any(re.search("[\u4e00-\u9fff]", account.name) for account in accounts)


@pytest.mark.parametrize("size", [1, 40, 300, 1_000])
def test_the_accounts_needed_include_every_requester(size: int) -> None:
    accounts = set(demo_accounts(accounts_needed(size)))
    assert all(ticket.requester in accounts for ticket in demo_tickets(size, now=NOW))


def test_people_write_in_their_own_language(thousand: list[DemoTicket]) -> None:
    assert all(ticket.requester.language == ticket.language for ticket in thousand)


def test_some_people_have_written_more_than_once(thousand: list[DemoTicket]) -> None:
    assert max(Counter(ticket.requester.id for ticket in thousand).values()) >= 3


@pytest.mark.parametrize("size", [100, 1_000])
def test_some_unanswered_tickets_are_overdue_some_soon_and_most_calm(size: int) -> None:
    shares = [waiting_share(t) for t in demo_tickets(size, now=NOW) if t.status is Status.OPEN]
    overdue = sum(share > 1 for share in shares) / len(shares)
    soon = sum(0.8 < share <= 1 for share in shares) / len(shares)
    assert 0.04 <= overdue <= 0.25
    assert 0.06 <= soon <= 0.30
    assert overdue + soon < 0.5


def test_all_statuses_and_levels_occur(thousand: list[DemoTicket]) -> None:
    assert {ticket.status for ticket in thousand} == set(Status)
    assert {ticket.level for ticket in thousand} == set(Level)


def test_nothing_happens_in_the_future_or_out_of_order(thousand: list[DemoTicket]) -> None:
    for ticket in thousand:
        moments = [ticket.created_at, *(turn.at for turn in ticket.turns), NOW]
        assert moments == sorted(moments)
        assert ticket.updated_at == moments[-2]


def test_the_status_says_who_spoke_last(thousand: list[DemoTicket]) -> None:
    for ticket in thousand:
        spoken = [turn.by for turn in ticket.turns if turn.by != "note"]
        answered = ticket.status in (Status.WAITING, Status.RESOLVED, Status.CLOSED)
        assert answered == (spoken[-1:] == ["staff"])


def test_only_unclaimed_tickets_have_no_assignee_and_nothing_written_by_staff(
    thousand: list[DemoTicket],
) -> None:
    for ticket in thousand:
        assert (ticket.assignee is None) == (ticket.status is Status.OPEN)
        assert all(turn.author == (None if turn.by == "user" else ticket.assignee) for turn in ticket.turns)


def test_safety_tickets_are_never_on_the_first_level(thousand: list[DemoTicket]) -> None:
    assert all(t.level >= Level.SENIOR for t in thousand if t.category is Category.SAFETY)


def test_waiting_tickets_have_not_waited_longer_than_the_seven_days(thousand: list[DemoTicket]) -> None:
    for ticket in thousand:
        if ticket.status in (Status.WAITING, Status.RESOLVED):
            assert NOW - ticket.updated_at < timedelta(days=7)
        if ticket.status is Status.CLOSED:
            assert NOW - ticket.updated_at >= timedelta(days=7)


def test_the_staff_fill_every_desk_and_can_be_told_apart() -> None:
    staff = demo_staff()
    assert 6 <= len(staff) <= 9
    assert {role for person in staff for role in person.roles} == set(Role) - {Role.WORKER}
    for field in ("login", "name", "initials", "handle"):
        assert len({getattr(person, field) for person in staff}) == len(staff)
    assert staff[0].roles == (Role.AGENT,)
    assert (Role.SAFETY,) in [person.roles for person in staff], "what safety alone may do is seen by signing in"


def test_staff_on_tickets_can_sign_in(thousand: list[DemoTicket]) -> None:
    logins = {person.login for person in demo_staff()}
    assert {ticket.assignee for ticket in thousand} - {None} <= logins


def test_no_text_names_a_path_of_the_machine_it_was_written_on() -> None:
    for path in demo_folder().glob("*.toml"):
        assert not re.search(r"/(root|work|home)/", path.read_text(encoding="utf-8"))
