"""Choosing the case that others belong to: found by number or words, both shown before anything happens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import NotFound
from hotmess_console.domain.policy.workflow import WORDS
from hotmess_console.domain.values import CaseId
from hotmess_console.domain.views import FINISHED, QueueFilter, Snooze
from hotmess_console.services.queries import Queries
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.search import Look, Search
from hotmess_console.ui.widgets.pane import Facts, Rule

_NUMBER = re.compile(r"(?:hm-|#)?(\d{1,12})", re.IGNORECASE)
_MOST = 20


async def find_cases(queries: Queries, text: str) -> list[Case]:
    """Return cases by number or words, those that wait first, then finished ones; at most twenty of each."""
    found: dict[CaseId, Case] = {}
    if number := _NUMBER.fullmatch(text):
        try:
            case = await queries.by_number(int(number[1]))
            found[case.id] = case
        except NotFound:
            pass  # then it is a word like any other
    for statuses in (frozenset(), frozenset(FINISHED)):
        page = await queries.page(QueueFilter(statuses=statuses, snooze=Snooze.ANY, text=text), limit=_MOST)
        found |= {case.id: case for case in page.cases if case.id not in found}
    return list(found.values())


def case_choice(case: Case, section: str = "") -> Choice:
    """Return a case as a row of a list."""
    return Choice(case, f"{case.reference}  {case.subject}", WORDS[case.status], "inbox", section=section)


def looking(bridge: Bridge, without: Sequence[CaseId]) -> Look:
    """Return what finds cases other than `without`."""

    async def look(text: str) -> list[Choice]:
        found = await bridge.ask(lambda queries: find_cases(queries, text))
        return [case_choice(case) for case in found if case.id not in without]

    return look


class OtherCaseSheet(Search):
    """Shows what is joined, lets the other one be found, and says what will happen. Answers a `Case`."""

    def __init__(
        self,
        window: QWidget,
        bridge: Bridge,
        cases: Sequence[Case],
        *,
        title: str,
        happens: str,
        icon: str,
        action: str,
    ) -> None:
        look = looking(bridge, [case.id for case in cases])
        super().__init__(window, title, look, icon=icon, hint="HM number or words", action=action)
        self._cases, self._happens = cases, happens
        self.facts = Facts(88)
        self.body.addWidget(Rule("line_strong"))
        self.body.addWidget(self.facts)
        self.list.lit.connect(self.show_pair)
        self.show_pair(None)

    def show_pair(self, other: Case | None) -> None:
        """Show what would be joined with what."""
        first = self._cases[0]
        more = f", and {len(self._cases) - 1} more" if len(self._cases) > 1 else ""
        named = f"{other.reference}  {other.subject}" if other else "Not chosen yet"
        happens = self._happens.format(one=first.reference + more, other=other.reference if other else "the other case")
        self.facts.set_rows(
            [
                ("This case", f"{first.reference}  {first.subject}{more}"),
                ("Other case", named),
                ("What happens", happens),
            ]
        )


async def ask_merge(window: QWidget, bridge: Bridge, cases: Sequence[Case]) -> Case | None:
    """Ask into which case `cases` are merged."""
    return await _ask(
        window,
        bridge,
        cases,
        title="Merge into another case",
        happens="{one} becomes part of {other}: its messages are read there and it leaves the queue. "
        "Nobody is written to. Z takes it back.",
        icon="merge",
        action="Merge",
    )


async def ask_link(window: QWidget, bridge: Bridge, cases: Sequence[Case]) -> Case | None:
    """Ask with which case this one is linked."""
    return await _ask(
        window,
        bridge,
        cases,
        title="Link with another case",
        happens="{one} and {other} show each other. Both stay in the queue as they are.",
        icon="link",
        action="Link",
    )


async def _ask(
    window: QWidget, bridge: Bridge, cases: Sequence[Case], *, title: str, happens: str, icon: str, action: str
) -> Case | None:
    sheet = OtherCaseSheet(window, bridge, cases, title=title, happens=happens, icon=icon, action=action)
    answer = await sheet.open()
    return answer if isinstance(answer, Case) else None
