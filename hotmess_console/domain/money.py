"""Amounts of money in minor units; never a float."""

from __future__ import annotations

from dataclasses import dataclass

from hotmess_console.domain.errors import BadInput

_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}
_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in the minor unit of an ISO 4217 currency, such as 999 GBP for £9.99."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not (len(self.currency) == 3 and self.currency.isalpha() and self.currency.isupper()):
            raise BadInput(f"“{self.currency}” is no currency code.", hint="Use three capital letters, such as GBP.")

    @property
    def amount(self) -> str:
        """The figure alone, as the templates want it: ``9.99``."""
        digits = _DIGITS.get(self.currency, 2)
        sign, units = ("-" if self.minor < 0 else ""), abs(self.minor)
        return f"{sign}{units}" if digits == 0 else f"{sign}{units // 10**digits}.{units % 10**digits:0{digits}d}"

    def __str__(self) -> str:
        sign = _SIGNS.get(self.currency)
        return f"{sign}{self.amount}" if sign else f"{self.amount} {self.currency}"
