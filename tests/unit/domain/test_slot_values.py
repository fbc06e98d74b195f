"""What may stand in each kind of placeholder, and what is refused in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.london import written_day
from hotmess_console.domain.money import Money
from hotmess_console.domain.placeholders import SLOTS
from hotmess_console.domain.slot_values import MOST, check_sent, fault, settled

pytestmark = pytest.mark.foundation

REFUND = "Hi [Name],\n\nWe've processed your refund request for £[amount].\n\nBest"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("9.99", "9.99"),
        ("£9.99", "9.99"),
        ("9.9", "9.90"),
        ("9,99", "9.99"),
        ("9", "9.00"),
        (" 1,234.50 ", "1234.50"),
        ("9.99 GBP", "9.99"),
    ],
)
def test_pounds_are_sent_as_the_figure_alone_with_pence(written: str, sent: str) -> None:
    assert settled("amount", written, "for £") == sent


@pytest.mark.parametrize(
    "written", ["abc", "", "-9.99", "0", "0.00", "££9.99", "9.999", "99999", "1e3", "9.99.", "nine", "٩", "9 99"]
)
def test_what_is_no_sensible_amount_is_refused(written: str) -> None:
    assert fault("amount", written, "for £") is not None


@pytest.mark.parametrize("written", ["€9.99", "$9", "9.99 EUR", "USD 12", "¥900"])
def test_another_currency_behind_a_printed_pound_sign_is_sent_to_its_variant(written: str) -> None:
    wrong = fault("amount", written, "for £")
    assert wrong is not None
    assert "variant for other currencies" in wrong.hint


def test_the_variant_keeps_the_figure_as_the_currency_writes_it() -> None:
    assert settled("amount", "900", "for ") == "900"
    assert settled("amount", "9,9", "for ") == "9.90"
    assert settled("currency", "eur") == settled("currency", "€") == "EUR"
    assert fault("amount", "€9.99", "for ") is not None
    assert fault("currency", "euros") is not None


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("2026-11-23", "23 November 2026"),
        ("23/11/2026", "23 November 2026"),
        ("23rd Nov 2026", "23 November 2026"),
        ("23 November 2026 at 9:05", "23 November 2026, 09:05 (London)"),
        ("23 November 2026, 14:05 (London)", "23 November 2026, 14:05 (London)"),
    ],
)
def test_days_are_sent_as_messages_write_them(written: str, sent: str) -> None:
    assert settled("date", written) == sent


@pytest.mark.parametrize("written", ["tomorrow", "31 February 2026", "2026-13-01", "1/2/26", "3 Ju 2026", "1 May 9999"])
def test_what_is_no_day_is_refused(written: str) -> None:
    assert fault("date", written) is not None


@pytest.mark.parametrize(
    ("name", "written"), [("Name", "a@b.org"), ("Name", "123"), ("ID", "my case"), ("subject", "two\nlines")]
)
def test_other_places_refuse_what_cannot_be_meant(name: str, written: str) -> None:
    assert fault(name, written) is not None


@given(st.integers(1, MOST * 100))
def test_every_amount_of_money_we_make_ourselves_is_sent_as_it_is(pence: int) -> None:
    figure = Money(pence, "GBP").amount
    if pence < (MOST + 1) * 100:
        assert settled("amount", figure, "£") == figure == settled("amount", f"£{figure}", "£")


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_every_day_we_write_ourselves_is_sent_as_it_is(day: date) -> None:
    assert settled("date", written_day(day)) == written_day(day) == settled("date", day.isoformat())


@given(st.sampled_from(sorted(SLOTS)), st.text(max_size=60), st.sampled_from(["", "for £"]))
def test_whatever_is_typed_is_settled_for_good_or_refused_in_words(name: str, typed: str, before: str) -> None:
    wrong = fault(name, typed, before)
    if wrong is None:
        once = settled(name, typed, before)
        assert settled(name, once, before) == once
        assert name != "amount" or set(once) <= set("0123456789.")
    else:
        assert str(wrong)
        assert wrong.hint


@pytest.mark.parametrize("figure", ["abc", "£9.99", "[amount]", "9.9", ""])
def test_a_text_with_a_wrong_figure_where_the_template_has_its_amount_is_not_sent(figure: str) -> None:
    with pytest.raises(BadInput):
        check_sent(REFUND, REFUND.replace("[Name]", "Ada").replace("[amount]", figure))


@pytest.mark.parametrize("text", ["We've processed your refund request for £9.99.", "We've sent it all back.", ""])
def test_a_right_figure_and_a_rewritten_text_are_sent(text: str) -> None:
    check_sent(REFUND, text)
