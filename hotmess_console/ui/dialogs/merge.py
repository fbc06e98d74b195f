"""Choosing the case that others belong to: found by number or words, both shown before anything happens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import NotFound
from hotmess_console.domain.policy.merging import Writer, same_person
from hotmess_console.domain.policy.workflow import WORDS
from hotmess_console.domain.values import CaseId
from hotmess_console.domain.views import FINISHED, QueueFilter, Snooze
from hotmess_console.services.queries import Queries
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.choose import choose
from hotmess_console.ui.dialogs.search import Look, Search
from hotmess_console.ui.host import Host
from hotmess_console.ui.viewmodels.mask import Mask
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


def case_choice(case: Case, section: str = "", *, masked: bool = False) -> Choice:
    """Return a case as a row of a list."""
    return Choice(case, _line(case, masked), WORDS[case.status], "inbox", section=section)


def _line(case: Case, masked: bool) -> str:
    return f"{case.reference}  {Mask('', None, masked).text(case.subject)}"


def looking(bridge: Bridge, without: Sequence[CaseId], *, masked: bool) -> Look:
    """Return what finds cases other than `without`."""

    async def look(text: str) -> list[Choice]:
        found = await bridge.ask(lambda queries: find_cases(queries, text))
        return [case_choice(case, masked=masked) for case in found if case.id not in without]

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
        masked: bool = False,
    ) -> None:
        look = looking(bridge, [case.id for case in cases], masked=masked)
        super().__init__(window, title, look, icon=icon, hint="HM number or words", action=action)
        self._cases, self._happens, self._masked = cases, happens, masked
        self.facts = Facts(88)
        self.body.addWidget(Rule("line_strong"))
        self.body.addWidget(self.facts)
        self.list.lit.connect(self.show_pair)
        self.show_pair(None)

    def show_pair(self, other: Case | None) -> None:
        """Show what would be joined with what."""
        first = self._cases[0]
        more = f", and {len(self._cases) - 1} more" if len(self._cases) > 1 else ""
        named = _line(other, self._masked) if other else "Not chosen yet"
        happens = self._happens.format(one=first.reference + more, other=other.reference if other else "the other case")
        self.facts.set_rows(
            [
                ("This case", _line(first, self._masked) + more),
                ("Other case", named),
                ("What happens", happens),
            ]
        )


async def ask_merge(host: Host, cases: Sequence[Case]) -> Case | None:
    """Ask into which case `cases` are merged, once more where they are not all one person's. Raises ConsoleError."""
    into = await _ask(
        host,
        cases,
        title="Merge into another case",
        happens="{one} becomes part of {other}: its messages are read there and it leaves the queue. "
        "Nobody is written to. Z takes it back.",
        icon="merge",
        action="Merge",
    )
    return into if into is not None and await _may_join(host, cases, into) else None


async def _may_join(host: Host, cases: Sequence[Case], into: Case) -> bool:
    """Return whether the messages may be read together: they are one person's, or somebody says so."""
    theirs = await _writer(host, into)
    for case in cases:
        own = await _writer(host, case)
        if not same_person(own, theirs):
            return await _ask_strangers(host, (case, own), (into, theirs))
    return True


async def _writer(host: Host, case: Case) -> Writer:
    ticket = (await host.bridge.ask(lambda q: q.ticket(case.id))).ticket
    return Writer(ticket.requester_name, ticket.requester_email)


async def _ask_strangers(host: Host, one: tuple[Case, Writer], other: tuple[Case, Writer]) -> bool:
    names = [Mask(writer.name, writer.email, host.masked).shown_name for _, writer in (one, other)]
    words = (
        f"{one[0].reference} was written by {names[0]}, {other[0].reference} by {names[1]}. "
        f"Merged, both are read in one case, and answers go to {names[1]}."
    )
    rows = [Choice(False, "Leave them apart", "nothing changes", "x", key="1")]
    rows.append(Choice(True, "Merge them all the same", "Z takes it back", "merge", key="2"))
    return bool(await choose(host.window, "Two different people", rows, words=words, icon="triangle-alert"))


async def ask_link(host: Host, cases: Sequence[Case]) -> Case | None:
    """Ask with which case this one is linked."""
    return await _ask(
        host,
        cases,
        title="Link with another case",
        happens="{one} and {other} show each other. Both stay in the queue as they are.",
        icon="link",
        action="Link",
    )


async def _ask(host: Host, cases: Sequence[Case], *, title: str, happens: str, icon: str, action: str) -> Case | None:
    sheet = OtherCaseSheet(
        host.window, host.bridge, cases, title=title, happens=happens, icon=icon, action=action, masked=host.masked
    )
    answer = await sheet.open()
    return answer if isinstance(answer, Case) else None
