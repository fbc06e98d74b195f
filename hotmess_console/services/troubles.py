"""What is wrong behind the window, told as one line: the end of one trouble never hides another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial


class Troubles:
    """Collects words by source, in the order in which the sources were named; `tell` hears the first that stands."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._words: dict[str, str] = {}
        self._told = ""

    def of(self, source: str) -> Callable[[str], None]:
        """Return what takes the words of `source`; an empty text says that all is well there."""
        self._words.setdefault(source, "")
        return partial(self._take, source)

    def _take(self, source: str, words: str) -> None:
        self._words[source] = words
        standing = next((w for w in self._words.values() if w), "")
        if standing != self._told:
            self._told = standing
            self._tell(standing)
