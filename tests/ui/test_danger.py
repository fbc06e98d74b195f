"""The question whether somebody is in danger, as a person meets it: in the queue, above the thread, while writing."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import pytest

from hotmess_console.domain.cases import Case
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, Danger
from hotmess_console.services.danger import DismissDanger, RaiseDanger
from hotmess_console.services.queries import DeskNotice
from hotmess_console.ui.composer.news import news
from hotmess_console.ui.details.danger_band import TITLE, why
from hotmess_console.ui.dialogs.notices import notice_choice
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.viewmodels.queue_rows import row_of
from tests.ui.fakes_composer import make_detail, make_ticket, message
from tests.ui.fakes_shell import JO, LONDON, ME, STAFF, FakeBus, FakeDesk, FakeQueries, mine, on_desk, until
from tests.ui.queue_samples import NOW, make_case
from tests.ui.shell_parts import tab_of

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]


def test_the_row_carries_a_mark_that_is_spoken_and_no_word_of_the_text() -> None:
    row = row_of(replace(make_case(1), asks_danger=True, snippet=""), now=NOW, staff=STAFF, zone=LONDON)
    assert row.asks_danger
    assert "may be about danger" in row.spoken()


def test_what_the_question_rests_on_is_quoted_only_where_it_may_be_read() -> None:
    said = message("He has a KNIFE")
    detail = make_detail(make_ticket(danger=Danger.ASKED), said)
    assert "“he has a knife”" in why(detail)
    shut = replace(detail, ticket=replace(detail.ticket, guarded=True), messages=())
    assert "knife" not in why(shut)
    assert "Safety staff" in why(shut)


def test_a_new_message_says_so_while_somebody_writes() -> None:
    before = make_detail()
    after = replace(before, messages=(*before.messages, message("please call the police")))
    assert news(before, after, ME, STAFF).endswith("wrote again, in words that may mean danger")


def test_the_notice_names_the_case_and_nobody_as_its_sender() -> None:
    notice = DeskNotice("1", "danger", CaseId(make_case(1).id), 10_482, "Help", JO, NOW)
    assert notice_choice(notice, STAFF).title == "HM-10482 may be about danger: look at it now"


class AskingQueries(FakeQueries):
    """Of a case whose row asks, the ticket asks as well."""

    async def ticket(self, case: CaseId) -> TicketDetail:
        detail = await super().ticket(case)
        asked = Danger.ASKED if detail.case.asks_danger else Danger.NONE
        return replace(detail, ticket=replace(detail.ticket, danger=asked))


class AskingDesk(FakeDesk):
    """A console with such a case."""

    def __init__(self, cases: Sequence[Case]) -> None:
        super().__init__(cases)
        self.queries = AskingQueries(cases)
        self.bus = FakeBus(self.queries)


async def _asked(shell: Shell) -> None:
    tab = tab_of(shell)
    await until(lambda: tab.detail.danger.isVisible(), "the question stands above the thread")
    assert tab.detail.danger.title.text() == TITLE


@pytest.mark.parametrize(("action", "kind"), [("ticket.danger", RaiseDanger), ("ticket.no_danger", DismissDanger)])
def test_one_key_answers_the_question_in_the_window(gui: Gui, action: str, kind: type) -> None:
    first = replace(mine(4)[0], asks_danger=True, snippet="He has a knife")
    desk = AskingDesk([first, *mine(4)[1:]])

    async def journey(shell: Shell, desk: FakeDesk) -> None:
        await _asked(shell)
        shell.run_action(action)
        await until(lambda: bool(desk.bus.sent), "the answer was given")
        assert isinstance(desk.bus.sent[-1], kind)

    gui(on_desk(desk, journey))


def test_without_the_question_neither_key_does_anything(gui: Gui) -> None:
    desk = FakeDesk(mine(4))

    async def journey(shell: Shell, desk: FakeDesk) -> None:
        shell.run_action("ticket.danger")
        assert not tab_of(shell).detail.danger.isVisible()
        assert desk.bus.sent == []

    gui(on_desk(desk, journey))
