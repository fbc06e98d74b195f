"""The manual's templates, and what fills them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.money import Money
from hotmess_console.domain.placeholders import SLOTS, Value, money_values
from hotmess_console.domain.templates import (
    Template,
    best,
    best_for_currency,
    check,
    empty_slots,
    fill,
    problems,
)
from hotmess_console.domain.values import TemplateId

pytestmark = pytest.mark.foundation

FOLDER = Path(__file__).resolve().parents[3] / "resources" / "templates"

# The wording of the operations manual, "Communication Templates", typed out here a second time on purpose.
MANUAL = {
    "acknowledgment": """\
Hi [Name],

Thank you for contacting HOTMESS support. We've received your request regarding [subject].

We're looking into this and will get back to you within [timeframe].

Ticket ID: #[ID]

Best,
HOTMESS Support Team""",
    "resolution": """\
Hi [Name],

Good news! We've resolved your support request.

[Details of resolution]

If you have any further questions, please don't hesitate to reach out.

Best,
HOTMESS Support Team""",
    "refund-confirmation": """\
Hi [Name],

We've processed your refund request for £[amount].

The funds should appear in your account within 5-10 business days, depending on your bank.

Your subscription has been updated accordingly.

Best,
HOTMESS Support Team""",
    "suspension-notice": """\
Your HOTMESS account has been suspended due to a violation of our Community Guidelines.

Reason: [Specific violation]
Duration: [Period or Permanent]

You may appeal this decision through Settings → Safety → Moderation History.

— HOTMESS Safety Team""",
    "report-acknowledgment": """\
Thank you for reporting this to us. Your safety matters.

We're reviewing your report and will take appropriate action. You won't see updates to protect privacy, \
but rest assured we're investigating.

If you feel unsafe, please use the panic button or contact emergency services.

— HOTMESS Safety Team""",
}


def load(path: Path) -> Template:
    row = tomllib.loads(path.read_text(encoding="utf-8"))
    return Template(TemplateId(row["id"]), row["name"], row["area"], row["language"], 1, row["subject"], row["body"])


SHIPPED = {path.stem: load(path) for path in sorted(FOLDER.glob("*.toml"))}


def template(body: str, id: str = "test", language: str = "en") -> Template:
    return Template(TemplateId(id), "Test", "support", language, 1, "Subject", body)


@pytest.mark.parametrize("name", sorted(MANUAL))
def test_the_shipped_templates_are_worded_exactly_as_the_manual_words_them(name: str) -> None:
    assert SHIPPED[name].body == MANUAL[name]
    assert SHIPPED[name].id == name


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_shipped_template_uses_known_placeholders_only(name: str) -> None:
    check(SHIPPED[name].body)
    check(SHIPPED[name].subject)
    assert "\n" not in SHIPPED[name].subject


def test_the_acknowledgment_is_filled_from_the_case() -> None:
    values = {"Name": "Rowan", "subject": "Charged twice", "timeframe": "4 hours", "ID": "HM-10482"}
    text = fill(SHIPPED["acknowledgment"], values).text()
    assert text.startswith("Hi Rowan,\n\n")
    assert "We've received your request regarding Charged twice." in text
    assert "get back to you within 4 hours." in text
    assert "\nTicket ID: #HM-10482\n" in text
    assert "[" not in text


def test_a_refund_in_pounds_reads_with_one_pound_sign() -> None:
    filled = fill(SHIPPED["refund-confirmation"], {"Name": "Rowan", **money_values(Money(999, "GBP"))})
    assert "refund request for £9.99." in filled.text()


def test_a_refund_in_another_currency_takes_the_variant_that_prints_the_code() -> None:
    chosen = best_for_currency(SHIPPED.values(), TemplateId("refund-confirmation"), "en", "EUR")
    assert chosen is SHIPPED["refund-confirmation-currency"]
    values = {"Name": "Rowan", **money_values(Money(1999, "EUR"))}
    assert "refund request for 19.99 EUR." in fill(chosen, values).text()


def test_pounds_take_the_manuals_own_template() -> None:
    assert (
        best_for_currency(SHIPPED.values(), TemplateId("refund-confirmation"), "de", "GBP")
        is SHIPPED["refund-confirmation"]
    )


def test_no_variant_means_no_template_rather_than_a_wrong_currency() -> None:
    assert best_for_currency([SHIPPED["refund-confirmation"]], TemplateId("refund-confirmation"), "en", "USD") is None


def test_euros_never_stand_behind_a_printed_pound_sign() -> None:
    with pytest.raises(BadInput, match=r"€19\.99"):
        fill(SHIPPED["refund-confirmation"], {"Name": "Rowan", **money_values(Money(1999, "EUR"))})


def test_an_unfilled_placeholder_blocks_sending_and_is_named() -> None:
    filled = fill(SHIPPED["resolution"], {"Name": "Rowan"})
    assert filled.missing == ("Details of resolution",)
    assert "\n[Details of resolution]\n" in filled.preview()
    with pytest.raises(BadInput, match="Details of resolution"):
        filled.text()


@pytest.mark.parametrize("nothing", ["", "  ", "\n", "\u200d", "\u202e", "\x00"])
def test_what_only_looks_filled_counts_as_empty(nothing: str) -> None:
    assert fill(SHIPPED["resolution"], {"Name": nothing}).missing == ("Name", "Details of resolution")


def test_a_placeholder_used_twice_is_named_once() -> None:
    assert fill(template("[Name] and [Name]"), {}).missing == ("Name",)


def test_brackets_in_what_the_user_wrote_are_never_filled() -> None:
    filled = fill(template("[subject] for [Name]"), {"subject": "[Name] [ID] {0} %s", "Name": "Rowan"})
    assert filled.text() == "[Name] [ID] {0} %s for Rowan"


def test_the_filled_places_can_be_told_from_the_words_around_them() -> None:
    segments = fill(template("Hi [Name], [details]!"), {"Name": "Rowan"}).segments
    assert [(s.text, s.slot, s.filled) for s in segments] == [
        ("Hi ", "", True),
        ("Rowan", "Name", True),
        (", ", "", True),
        ("details", "details", False),
        ("!", "", True),
    ]


LITERAL = st.text(st.characters(exclude_characters="[£", exclude_categories=["Cs"]), max_size=20)
VALUES = st.dictionaries(st.sampled_from(sorted(SLOTS)), st.text(min_size=1, max_size=20).map(lambda t: f"x{t}x"))


@given(st.lists(st.tuples(LITERAL, st.sampled_from(sorted(SLOTS))), max_size=6), LITERAL, VALUES)
@settings(max_examples=150)
def test_filling_keeps_every_word_of_the_template_and_misses_exactly_what_was_not_given(
    parts: list[tuple[str, str]], tail: str, values: dict[str, Value]
) -> None:
    body = "".join(f"{literal}[{name}]" for literal, name in parts) + tail
    filled = fill(template(body), values)
    literal = "".join(segment.text for segment in filled.segments if not segment.slot)
    assert literal == "".join(literal for literal, _ in parts) + tail
    assert [s.slot for s in filled.segments if s.slot] == [name for _, name in parts]
    assert filled.missing == tuple(dict.fromkeys(name for _, name in parts if name not in values))


@given(st.text(st.one_of(st.characters(), st.sampled_from("[]\n{}%£")), max_size=100), VALUES)
@settings(max_examples=100)
def test_no_template_however_damaged_loses_its_text(body: str, values: dict[str, Value]) -> None:
    assert fill(template(body), {}).preview() == body
    fill(template(body), values).preview()


def test_an_unknown_placeholder_is_an_editing_error_with_its_place_and_the_nearest_name() -> None:
    with pytest.raises(BadInput) as refusal:
        check("Hi [Name],\n\nabout [Subjct]: [nothing like it]")
    assert str(refusal.value).startswith("Line 3, column 7: “[Subjct]” is no placeholder; did you mean [subject]?")
    assert "[timeframe]" in refusal.value.hint


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("Hi [Name", [(1, 4)]),
        ("Hi [Name\n]", [(1, 4)]),
        ("[]", [(1, 1)]),
        ("[[Name]]", [(1, 1)]),
        ("[Name] [name]\n[ID] [x]", [(1, 8), (2, 6)]),
        ("[" + "x" * 61 + "]", [(1, 1)]),
        ("fine ] here :]", []),
        ("[Name] [subject] [ID]", []),
    ],
)
def test_every_bracket_that_opens_no_placeholder_is_listed(body: str, places: list[tuple[int, int]]) -> None:
    assert [(problem.line, problem.column) for problem in problems(body)] == places


def test_placeholders_that_still_stand_in_a_draft_are_listed() -> None:
    assert empty_slots("Hi [Name], [Name], [details] [not one]") == ("Name", "details")


def test_the_language_falls_back_from_the_region_to_the_language_to_english() -> None:
    english, german = template("Hi", language="en"), template("Hallo", language="de")
    id = TemplateId("test")
    assert best([english, german], id, "de-AT") is german
    assert best([english, german], id, "fr") is english
    assert best([german], id, "fr") is None
    assert best([english], TemplateId("other"), "en") is None
