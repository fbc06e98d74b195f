"""Amounts of money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.money import Money

pytestmark = pytest.mark.foundation


@pytest.mark.parametrize(
    ("money", "amount", "words"),
    [
        (Money(999, "GBP"), "9.99", "£9.99"),
        (Money(1999, "EUR"), "19.99", "€19.99"),
        (Money(5, "GBP"), "0.05", "£0.05"),
        (Money(0, "GBP"), "0.00", "£0.00"),
        (Money(-999, "GBP"), "-9.99", "-£9.99"),
        (Money(980, "JPY"), "980", "980 JPY"),
        (Money(1500, "KWD"), "1.500", "1.500 KWD"),
        (Money(2500, "CHF"), "25.00", "25.00 CHF"),
        (Money(123_456_789, "GBP"), "1234567.89", "£1234567.89"),
    ],
)
def test_money_is_said_with_its_currencys_digits(money: Money, amount: str, words: str) -> None:
    assert (money.amount, str(money)) == (amount, words)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["GBP", "JPY", "KWD"]))
@settings(max_examples=60)
def test_the_figure_always_is_the_exact_amount(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Decimal(money.amount).scaleb(money.digits) == minor


@pytest.mark.parametrize("minor", [9.99, 999.0, "999", True, None])
def test_money_is_never_a_float(minor: Any) -> None:
    with pytest.raises(TypeError):
        Money(minor, "GBP")


@pytest.mark.parametrize("currency", ["", "gbp", "GB", "£", "POUND", "ÄÖÜ", "G1P"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(BadInput):
        Money(1, currency)
