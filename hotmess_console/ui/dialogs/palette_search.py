"""What the palette finds at the desk: cases by number or words, people, and saved views."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import NotFound
from hotmess_console.domain.people import Account
from hotmess_console.domain.values import CaseId
from hotmess_console.domain.views import BUILT_IN, QueueFilter, SavedView, Snooze
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.viewmodels.mask import HIDDEN_ADDRESS, Mask, pseudonym
from hotmess_console.ui.viewmodels.palette_match import Entry

SECTION = "Go to"
MOST_CASES, MOST_PEOPLE = 8, 5
_NUMBER = re.compile(r"\s*(?:HM\s*-?\s*|#)?(\d{1,9})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Choosing it opens this case."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class ShowView:
    """Choosing it shows this view in the queue."""

    view: SavedView


class DeskSearch:
    """Asks the desk for what was typed. One per opened palette: saved views are read once."""

    def __init__(self, bridge: Bridge, *, masked: bool = False) -> None:
        self._bridge, self._masked = bridge, masked
        self._views: tuple[SavedView, ...] | None = None

    async def __call__(self, query: str) -> Sequence[Entry]:
        """Return what fits `query`: the case of that number or the view of that name first.

        Raises what the queries raise.
        """
        words = query.strip()
        wanted = QueueFilter(text=words, snooze=Snooze.ANY)
        exact, page, people, views = await asyncio.gather(
            self._by_number(words),
            self._bridge.ask(lambda q: q.page(wanted, limit=MOST_CASES)),
            self._bridge.ask(lambda q: q.find_people(words, MOST_PEOPLE)),
            self._saved_views(),
        )
        cases = {case.id: case for case in (*exact, *page.cases[:MOST_CASES])}
        found = [self._case_entry(case) for case in cases.values()]
        found += [self._person_entry(person) for person in people if person.email or person.display_name]
        named = [view for view in views if view.name.casefold() == words.casefold()]
        others = [view for view in views if view not in named]
        return (*_view_entries(named, words), *found, *_view_entries(others, words))

    async def _by_number(self, words: str) -> tuple[Case, ...]:
        number = number_in(words)
        if number is None:
            return ()
        try:
            return (await self._bridge.ask(lambda q: q.by_number(number)),)
        except NotFound:  # a number is also typed to find an order or a street
            return ()

    async def _saved_views(self) -> tuple[SavedView, ...]:
        if self._views is None:
            self._views = (*BUILT_IN, *await self._bridge.ask(lambda q: q.saved_views()))
        return self._views

    def _case_entry(self, case: Case) -> Entry:
        subject = Mask("", None, self._masked).text(case.subject)
        return Entry(f"“{subject}”", OpenCase(case.id), SECTION, case.reference, icon="inbox")

    def _person_entry(self, person: Account) -> Entry:
        name, email = person.display_name or person.handle or "", person.email or ""
        shown = pseudonym(name, person.email) if self._masked else name or email
        search = SavedView(None, f"Cases of {shown}", QueueFilter(text=email or name, snooze=Snooze.ANY))
        detail = HIDDEN_ADDRESS if self._masked else email if email != shown else "Person"
        return Entry(f"Cases of {shown}", ShowView(search), SECTION, detail, icon="user")


def number_in(query: str) -> int | None:
    """Return the case number that was typed ("HM-10482", "#10482", "10482"), if it is one."""
    found = _NUMBER.fullmatch(query)
    return int(found.group(1)) if found else None


def _view_entries(views: Iterable[SavedView], words: str) -> list[Entry]:
    wanted = words.casefold().split()
    fitting = (view for view in views if all(word in f"view {view.name}".casefold() for word in wanted))
    return [Entry(f"View: {view.name}", ShowView(view), SECTION, "Saved view", icon="list-filter") for view in fitting]
