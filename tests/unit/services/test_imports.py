"""Ticket files as people really have them: each row goes in or is listed with its line and a reason."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain import csv_records
from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.imports import (
    MAX_CELL_CHARACTERS,
    BadRow,
    ImportedTicket,
    read_tickets,
)
from hotmess_console.domain.values import Category

pytestmark = pytest.mark.foundation

HEADER = b"subject,message,category,language,email\n"
GOOD = b"Coat check,Lost my ticket stub,general,en,pat@example.org\n"
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "importing.md"
REAL = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "tickets.csv"


def read(rows: bytes, header: bytes = HEADER) -> tuple[list[ImportedTicket], list[BadRow]]:
    items = list(read_tickets(header + rows))
    good = [item for item in items if isinstance(item, ImportedTicket)]
    return good, [item for item in items if isinstance(item, BadRow)]


def only_reason(rows: bytes) -> str:
    """The reason of the one bad row, with a good row before and after it that must go in."""
    good, bad = read(GOOD + rows + GOOD)
    assert len(good) == 2
    assert [row.line for row in bad] == [3]
    return bad[0].reason


def test_a_row_becomes_a_ticket_with_its_line() -> None:
    good, bad = read(GOOD)
    assert not bad
    ticket = good[0]
    assert (ticket.line, ticket.last_line) == (2, 2)
    assert (ticket.subject, ticket.message) == ("Coat check", "Lost my ticket stub")
    assert (ticket.category, ticket.language, ticket.address) == (Category.GENERAL, "en", "pat@example.org")
    assert ticket.answerable


def test_the_header_may_be_in_any_order_and_case_with_unknown_columns() -> None:
    good, bad = read(b'de,web,"Hallo, Team",Billing,Karte\n', b" Language ,source,MESSAGE,Category,Subject\n")
    assert not bad
    assert (good[0].subject, good[0].message, good[0].category) == ("Karte", "Hallo, Team", Category.BILLING)


def test_a_byte_order_mark_is_not_part_of_the_first_column() -> None:
    good, _ = read(GOOD, b'\xef\xbb\xbf"subject",message,category,language,email\n')
    assert good[0].subject == "Coat check"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_kind_of_line_end_is_read(end: bytes) -> None:
    good, bad = read((GOOD * 3).replace(b"\n", end), HEADER.replace(b"\n", end))
    assert not bad
    assert [ticket.line for ticket in good] == [2, 3, 4]


def test_a_last_row_without_a_line_end_is_read() -> None:
    good, bad = read(GOOD + GOOD.rstrip())
    assert (len(good), len(bad)) == (2, 0)


def test_quoted_line_breaks_stay_in_the_message_and_lines_are_physical() -> None:
    good, bad = read(b'Hi,"one\r\ntwo\n\nfour ""x""",general,en,\n' + GOOD)
    assert not bad
    assert good[0].message == 'one\ntwo\n\nfour "x"'
    assert [(ticket.line, ticket.last_line) for ticket in good] == [(2, 5), (6, 6)]


def test_blank_lines_are_passed_over_and_counted() -> None:
    good, bad = read(b"\n  \n" + GOOD)
    assert (good[0].line, bad) == (4, [])


def test_a_missing_column_refuses_the_file_and_names_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"lacks the column “message”.*“mesage”"):
        read_tickets(b"subject,mesage,category,language\n")


def test_all_missing_columns_are_named_at_once() -> None:
    with pytest.raises(BadInput, match=r"columns “message”.*“language”"):
        read_tickets(b"subject,category\n")


def test_a_file_parted_by_semicolons_is_refused_with_the_way_out() -> None:
    with pytest.raises(BadInput) as refusal:
        read_tickets(b"subject;message;category;language\na;b;general;de\n")
    assert "parted by commas" in refusal.value.hint


def test_a_column_that_is_there_twice_refuses_the_file() -> None:
    with pytest.raises(BadInput, match="“subject” is there twice"):
        read_tickets(b"subject,Subject,message,category,language\n")


@pytest.mark.parametrize("nothing", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(nothing: bytes) -> None:
    with pytest.raises(BadInput, match="empty"):
        read_tickets(nothing)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_whole_file_in_utf_16_is_refused_by_name(encoding: str) -> None:
    with pytest.raises(BadInput, match="UTF-16"):
        read_tickets((HEADER + GOOD).decode().encode(encoding))


def test_a_row_in_latin_1_is_listed_and_the_rest_goes_in() -> None:
    reason = only_reason("Café,La clé,general,fr,\n".encode("latin-1"))
    assert "not UTF-8" in reason
    assert "0xE9" in reason


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("row", ["Café,La clé,general,fr,\n", "Café,La clé,general,fr,\r\n", '"Ça",x,general,fr,\n'])
def test_a_row_in_utf_16_is_listed_and_the_rest_goes_in(row: str, encoding: str) -> None:
    assert only_reason(row.encode(encoding))


def test_nul_bytes_are_listed() -> None:
    assert "NUL" in only_reason(b"Hi,broken\x00text,general,en,\n")


def test_a_short_row_is_listed_with_both_counts() -> None:
    assert "2 cells" in only_reason(b"Hi,there\n")


def test_a_row_with_a_loose_comma_is_listed_not_shifted() -> None:
    assert "quotation marks around it" in only_reason(b"Hi,well, hello,general,en,pat@example.org\n")


def test_trailing_empty_cells_do_no_harm() -> None:
    good, bad = read(GOOD.rstrip() + b",,,\n")
    assert (len(good), len(bad)) == (1, 0)


def test_the_email_cell_may_be_left_off_at_the_end() -> None:
    good, bad = read(b"Hi,there,general,en\n")
    assert (len(good), len(bad)) == (1, 0)


def test_an_unknown_category_is_listed_with_all_valid_ones() -> None:
    reason = only_reason(b"Hi,there,biling,en,\n")
    assert "“biling”" in reason
    assert all(category.value in reason for category in Category)


def test_an_empty_category_is_listed() -> None:
    assert "category is empty" in only_reason(b"Hi,there,,en,\n")


def test_an_empty_message_is_listed() -> None:
    assert only_reason(b'Hi," \t",general,en,\n') == "The message is empty."


def test_an_empty_subject_is_taken_from_the_message() -> None:
    good, _ = read(b',"My wristband\nsnapped",general,en,\n')
    assert good[0].subject == "My wristband snapped"


def test_a_subject_has_no_line_breaks() -> None:
    good, _ = read(b'"Hi\r\nBcc: all@example.org",there,general,en,\n')
    assert good[0].subject == "Hi Bcc: all@example.org"


@pytest.mark.parametrize("address", ["nobody", "a@b@c", '"x\ny"@example.org', "a b@example.org", "a@"])
def test_an_impossible_address_is_listed(address: str) -> None:
    quoted = address.replace('"', '""').encode()
    _, bad = read(b'Hi,there,general,en,"' + quoted + b'"\n')
    assert "not an e-mail address" in bad[0].reason
    assert "\n" not in bad[0].reason


def test_a_cell_may_be_exactly_as_long_as_the_limit() -> None:
    _, bad = read(b"Hi," + b"x" * MAX_CELL_CHARACTERS + b",general,en,\n")
    assert bad == []
    assert "100,001 characters" in only_reason(b"Hi," + b"x" * (MAX_CELL_CHARACTERS + 1) + b",general,en,\n")


@pytest.mark.parametrize("filler", [b"x" * 100, b'""a', b"Hi,a whole row," * 20 + b"en\n"])
def test_a_ten_megabyte_cell_is_one_bad_row(filler: bytes) -> None:
    cell = filler * (10_000_000 // len(filler))
    assert "too long" in only_reason(b'Hi,"' + cell + b'",general,en,\n')


def test_a_quotation_mark_never_closed_costs_one_line() -> None:
    good, bad = read(GOOD + b'Hi,"never closed,general,en,\n' + GOOD * 50)
    assert len(good) == 51
    assert [row.line for row in bad] == [3]
    assert "not closed" in bad[0].reason


def test_a_quotation_mark_never_closed_does_not_pair_with_a_later_one() -> None:
    good, bad = read(b'Hi,"never closed,general,en,\n' + b'Yes,"well, hello",general,en,\n' + GOOD)
    assert len(good) == 2
    assert [row.line for row in bad] == [2]


def test_quotation_marks_inside_a_bare_cell_are_plain_text() -> None:
    good, bad = read(b'Screen 7" wide,He said "no",general,en,\n')
    assert not bad
    assert (good[0].subject, good[0].message) == ('Screen 7" wide', 'He said "no"')


def test_broken_quoting_on_every_line_is_read_once_or_twice_not_squared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_records, "REREAD_BYTES", 200_000)
    good, bad = read(b'a","\n' * 20_000 + GOOD)
    assert len(bad) == 20_000
    assert len(good) == 1


def test_a_line_longer_than_can_be_held_is_listed_and_the_next_goes_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_records, "MAX_LINE_BYTES", 1_000)
    assert "too long" in only_reason(b"Hi," + b"x" * 5_000 + b",general,en,\n")


def test_the_key_survives_resaving_the_file() -> None:
    composed, _ = read('Café,"a\nb",general,en,Pat@example.org\n'.encode())
    decomposed, _ = read('  Café ,"a\r\nb ",GENERAL,EN,pat@example.org\r\n'.encode())
    assert composed[0].key == decomposed[0].key


def test_identical_rows_are_two_tickets_with_the_same_keys_on_every_reading() -> None:
    first, _ = read(GOOD * 3)
    again, _ = read(b"Other,row,general,en,\n" + GOOD * 3)
    assert len({ticket.key for ticket in first}) == 3
    assert {ticket.key for ticket in first} < {ticket.key for ticket in again}


@pytest.mark.parametrize(
    "changed",
    [b"Hi!,there,general,en,", b"Hi,here,general,en,", b"Hi,there,other,en,", b"Hi,there,general,de,"],
)
def test_each_cell_counts_for_the_key(changed: bytes) -> None:
    good, _ = read(b"Hi,there,general,en,\n" + changed + b"\n")
    assert good[0].key != good[1].key


def test_cells_do_not_run_into_each_other_in_the_key() -> None:
    good, _ = read(b"ab,c,general,en,\na,bc,general,en,\n")
    assert good[0].key != good[1].key


def test_a_row_without_an_address_gets_one_that_cannot_be_answered() -> None:
    good, _ = read(b"Hi,there,general,en,\n")
    assert good[0].email is None
    assert not good[0].answerable
    assert good[0].address == f"{good[0].key[:16]}@import.invalid"


def test_rows_are_read_only_as_they_are_asked_for() -> None:
    stream = io.BytesIO(HEADER + GOOD * 100_000)
    rows = read_tickets(stream)
    next(rows)
    assert stream.tell() < 1_000


def test_the_example_in_the_guide_can_be_imported_as_it_stands() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    block = guide[guide.index("    subject,message") : guide.index("Spreadsheet programs")]
    items = list(read_tickets("\n".join(line[4:] for line in block.splitlines()).encode()))
    assert [type(item) for item in items] == [ImportedTicket]
    assert all(f"`{category.value}`" in guide for category in Category)


def test_every_row_of_the_real_file_goes_in() -> None:
    if not REAL.exists():
        pytest.skip("the shared ticket file is not beside this checkout")
    with REAL.open("rb") as stream:
        items = list(read_tickets(stream))
    with REAL.open(encoding="utf-8-sig", newline="") as text:
        oracle = list(csv.DictReader(text))
    assert len(items) == len(oracle) == 3_153
    tickets = [item for item in items if isinstance(item, ImportedTicket)]
    assert len(tickets) == len(items)
    assert [ticket.category.value for ticket in tickets] == [row["category"] for row in oracle]
    assert [ticket.language for ticket in tickets] == [row["language"] for row in oracle]
    assert len({ticket.key for ticket in tickets}) == len(tickets)


def accounted(content: bytes) -> None:
    """Each physical line that is not blank lies in exactly one good or bad row."""
    items = list(read_tickets(HEADER + content))
    covered = [line for item in items for line in range(item.line, item.last_line + 1)]
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    filled = {number for number, line in enumerate(lines, start=2) if line.strip()}
    assert len(covered) == len(set(covered))
    assert filled <= set(covered) <= set(range(2, len(lines) + 2))
    assert covered == sorted(covered)


@given(st.binary(max_size=400).filter(lambda content: b"\x00" not in content))
def test_no_bytes_crash_the_reading_and_every_line_is_accounted_for(content: bytes) -> None:
    accounted(content)


@given(
    st.lists(
        st.sampled_from([b'"', b",", b"\n", b"\r", b"\r\n", b"a", b'""', b"general", b"en", b"\xff", b"\xc3"]),
        max_size=80,
    )
)
def test_no_quoting_loses_a_line(pieces: list[bytes]) -> None:
    accounted(b"".join(pieces))


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_nul_bytes_anywhere_never_crash(before: bytes, after: bytes) -> None:
    assert isinstance(list(read_tickets(HEADER + before + b"\x00" + after)), list)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(TEXT, TEXT.filter(lambda text: bool(text.strip())), st.sampled_from(list(Category))),
        max_size=12,
    )
)
def test_whatever_the_csv_module_writes_goes_in_whole(rows: list[tuple[str, str, Category]]) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for subject, message, category in rows:
        writer.writerow([subject, message, category.value, "en", "pat@example.org"])
    good, bad = read(written.getvalue().encode())
    assert bad == []
    assert [ticket.category for ticket in good] == [category for _, _, category in rows]
    assert len({ticket.key for ticket in good}) == len(good)
