"""Amounts of money in minor units; never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hotmess_console.domain.errors import BadInput

_WITHOUT_MINOR = {
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
}  # fmt: skip
_THOUSANDTHS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
_CODE = re.compile(r"[A-Z]{3}")
_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the minor unit of an ISO 4217 currency, such as 999 GBP for £9.99. Raises BadInput or TypeError."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError("money is a whole number of minor units")
        if not _CODE.fullmatch(self.currency):
            raise BadInput(f"“{self.currency[:20]}” is no currency code.", hint="Use three capital letters, as in GBP.")

    @property
    def digits(self) -> int:
        """Digits behind the point: 2 for pounds, none for yen, 3 for Kuwaiti dinars."""
        if self.currency in _WITHOUT_MINOR:
            return 0
        return 3 if self.currency in _THOUSANDTHS else 2

    @property
    def amount(self) -> str:
        """The figure alone, as the templates want it: ``9.99``."""
        sign, units = ("-" if self.minor < 0 else ""), abs(self.minor)
        if not self.digits:
            return f"{sign}{units}"
        whole, rest = divmod(units, 10**self.digits)
        return f"{sign}{whole}.{rest:0{self.digits}d}"

    def __str__(self) -> str:
        figure = self.amount.removeprefix("-")
        shown = f"{_SIGNS[self.currency]}{figure}" if self.currency in _SIGNS else f"{figure} {self.currency}"
        return f"-{shown}" if self.minor < 0 else shown
