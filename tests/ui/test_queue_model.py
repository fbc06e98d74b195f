"""The model of the queue against an oracle: a dictionary that is sorted anew for every question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from hotmess_console.domain.cases import Case
from hotmess_console.domain.values import CaseId, Login, Urgency
from hotmess_console.ui.viewmodels.queue_model import ROW, TICKED, QueueModel
from hotmess_console.ui.viewmodels.queue_rows import Row
from hotmess_console.ui.viewmodels.selection import Selection
from tests.ui.queue_samples import MINE, NOW, make_case, make_cases, make_model, words

pytestmark = pytest.mark.foundation

numbers = st.integers(1, 12)
cases = st.builds(
    lambda number, urgency, minutes, version: make_case(number, urgency=urgency, due_minutes=minutes, version=version),
    numbers,
    st.sampled_from(Urgency),
    st.integers(-2, 2),
    st.integers(1, 6),
)


def shown(model: QueueModel) -> list[CaseId]:
    return [model.id_at(row) for row in range(model.rowCount())]


def number_of(model: QueueModel, row: int) -> int:
    return model.id_at(row).int


def one(number: int) -> CaseId:
    return make_case(number).id


def ids(*chosen: int) -> list[CaseId]:
    return [make_case(number).id for number in chosen]


class LiveQueue(RuleBasedStateMachine):
    """A complete queue under live changes; a persistent index watches each row, as a selection would."""

    def __init__(self) -> None:
        super().__init__()
        self.model = make_model([])
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        self.visible: dict[CaseId, Case] = {}
        self.away: dict[CaseId, Case] = {}
        self.seen: dict[CaseId, int] = {}
        self.watch: dict[CaseId, QPersistentModelIndex] = {}
        self.resets = 0
        self.model.modelReset.connect(self.note_reset)

    def note_reset(self) -> None:
        self.resets += 1

    @rule(batch=st.lists(cases, max_size=4))
    def upsert(self, batch: list[Case]) -> None:
        self.model.upsert(batch)
        for case in batch:
            if case.version > self.seen.get(case.id, 0):
                self.seen[case.id] = case.version
                self.visible[case.id] = case
                self.away.pop(case.id, None)

    @rule(gone=st.lists(numbers, max_size=4))
    def remove(self, gone: list[int]) -> None:
        self.model.remove(ids(*gone))
        for case in ids(*gone):
            self.visible.pop(case, None)
            self.away.pop(case, None)

    @rule(number=numbers)
    def take_away(self, number: int) -> None:
        (case,) = ids(number)
        assert self.model.take_away(case) == (case in self.visible)
        if case in self.visible:
            self.away[case] = self.visible.pop(case)

    @rule(number=numbers)
    def bring_back(self, number: int) -> None:
        (case,) = ids(number)
        expected = case in self.away or case in self.visible
        assert self.model.bring_back(case, "refused") == expected
        if case in self.away:
            self.visible[case] = self.away.pop(case)

    @precondition(lambda self: self.visible)
    @rule()
    def watch_every_row(self) -> None:
        self.watch = {
            self.model.id_at(row): QPersistentModelIndex(self.model.index(row)) for row in range(self.model.rowCount())
        }

    @invariant()
    def rows_are_the_newest_versions_in_queue_order(self) -> None:
        expected = sorted(self.visible.values(), key=lambda c: (c.urgency, c.rank_at, c.id.int))
        assert shown(self.model) == [case.id for case in expected]
        for row, case in enumerate(expected):
            assert self.model.row_of(case.id) == row
            assert self.model.case(case.id) == case
            painted = self.model.row_at(row)
            assert replace(painted, notice="") == words(case, NOW, ())

    @invariant()
    def whoever_watches_a_row_still_watches_the_same_case(self) -> None:
        for case, index in list(self.watch.items()):
            if index.isValid():
                assert self.model.id_at(index.row()) == case
            else:
                del self.watch[case]

    @invariant()
    def live_changes_never_reset_the_list(self) -> None:
        assert self.resets == 0


@pytest.mark.usefixtures("qapp")
class TestLiveQueue(LiveQueue.TestCase):  # type: ignore[misc, valid-type]
    settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_an_echo_repaints_nothing(qtbot: QtBot) -> None:
    model = make_model(make_cases(5))
    with qtbot.assertNotEmitted(model.dataChanged):
        model.upsert(make_cases(5))


def test_an_older_version_changes_nothing() -> None:
    model = make_model([make_case(1, version=4, subject="new")])
    model.upsert([make_case(1, version=3, subject="old")])
    assert model.row_at(0).subject == "new"


def test_a_removed_case_does_not_return_by_a_late_echo_but_by_a_newer_version() -> None:
    model = make_model(make_cases(3))
    model.remove(ids(2))
    model.upsert([make_case(2)])
    assert shown(model) == ids(1, 3)
    model.upsert([make_case(2, version=2)])
    assert shown(model) == ids(1, 2, 3)


def test_a_case_removed_under_one_filter_can_be_shown_by_the_next() -> None:
    model = make_model(make_cases(3))
    model.remove(ids(2))
    model.show_page([make_case(2)], first=True, last=True)
    assert shown(model) == ids(2)


def test_a_first_page_read_before_a_change_does_not_undo_it() -> None:
    model = make_model(make_cases(2))
    model.upsert([make_case(1, version=2, subject="changed meanwhile")])
    model.show_page(make_cases(2), first=True, last=True, same=True)
    assert model.row_at(0).subject == "changed meanwhile"


@pytest.mark.parametrize("count", [20, 1000])
def test_reading_the_first_page_again_keeps_a_taken_away_case_away(count: int) -> None:
    model = make_model(make_cases(10))
    model.take_away(one(3))
    model.show_page(make_cases(count), first=True, last=True, same=True)
    assert model.row_of(one(3)) is None
    assert model.rowCount() == count - 1


def test_pages_follow_each_other_by_keyset_without_a_gap_or_a_repeat() -> None:
    every = make_cases(120)
    model = make_model(every[:50], last=False)
    while not model.complete:
        assert model.cursor is not None
        start = model.cursor.id.int
        model.show_page(every[start : start + 50], first=False, last=start + 50 >= 120)
    assert shown(model) == [case.id for case in every]


def test_a_live_case_behind_the_last_page_waits_so_that_paging_skips_none() -> None:
    every = make_cases(100)
    model = make_model(every[:50], last=False)
    model.upsert([make_case(90, version=2)])
    assert model.rowCount() == 50
    assert model.cursor == every[49].key
    model.show_page([*every[50:89], make_case(90, version=2), *every[90:]], first=False, last=True)
    assert shown(model) == [case.id for case in every]


def test_more_is_asked_for_once_until_a_page_arrives(qtbot: QtBot) -> None:
    model = make_model(make_cases(50), last=False)
    asked: list[int] = []
    model.more_wanted.connect(lambda: asked.append(1))
    for _ in range(3):
        model.fetchMore()
    assert len(asked) == 1
    model.more_failed()
    model.fetchMore()
    assert len(asked) == 2
    model.show_page([], first=False)
    model.fetchMore()
    assert len(asked) == 2


def test_a_refused_command_brings_the_row_back_with_its_reason() -> None:
    model = make_model(make_cases(3))
    model.take_away(one(2))
    assert shown(model) == ids(1, 3)
    assert model.bring_back(one(2), "Jo Kerr answered first.")
    assert shown(model) == ids(1, 2, 3)
    assert model.row_at(1).notice == "Jo Kerr answered first."
    assert "Jo Kerr answered first." in model.row_at(1).spoken()


def test_the_reason_goes_when_a_newer_version_arrives() -> None:
    model = make_model(make_cases(1))
    model.take_away(one(1))
    model.bring_back(one(1), "Refused.")
    model.upsert([make_case(1, version=2)])
    assert model.row_at(0).notice == ""


def test_a_refusal_for_a_case_that_has_left_the_queue_shows_nothing() -> None:
    model = make_model(make_cases(2))
    model.take_away(one(1))
    model.remove(ids(1))
    assert not model.bring_back(one(1), "Refused.")
    assert shown(model) == ids(2)


def test_a_minute_repaints_only_the_rows_whose_words_change() -> None:
    model = make_model([make_case(1, due_minutes=30), make_case(2, due_minutes=60 * 24 * 20 + 90)])
    for row in range(2):
        model.row_at(row)
    repainted: list[int] = []
    model.dataChanged.connect(lambda top, bottom, roles: repainted.extend(range(top.row(), bottom.row() + 1)))
    model.tick(NOW + timedelta(minutes=1))
    assert repainted == [0]
    assert model.row_at(0).due == "29 min"


def test_rows_that_were_never_shown_are_put_into_words_as_of_the_last_minute() -> None:
    model = make_model([make_case(1, due_minutes=30)])
    model.tick(NOW + timedelta(minutes=5))
    assert model.row_at(0).due == "25 min"


def test_words_are_made_only_for_rows_that_are_shown() -> None:
    made: list[CaseId] = []

    def counted(case: Case, now: datetime, readers: tuple[Login, ...]) -> Row:
        made.append(case.id)
        return words(case, now, readers)

    model = make_model(make_cases(5000), wording=counted)
    for row in range(30):
        model.row_at(row)
        model.row_at(row)
    assert len(made) == 30


def test_other_words_such_as_the_privacy_mask_replace_those_on_screen() -> None:
    model = make_model(make_cases(2))
    model.row_at(0)
    model.set_words(lambda case, now, readers: replace(words(case, now, readers), subject="Person 4F"))
    assert [model.row_at(row).subject for row in range(2)] == ["Person 4F", "Person 4F"]


def test_who_else_reads_a_case_is_shown_and_taken_back() -> None:
    model = make_model(make_cases(1))
    model.row_at(0)
    model.show_readers({model.id_at(0): (MINE,)})
    assert [face.initials for face in model.row_at(0).present] == ["MD"]
    model.show_readers({})
    assert model.row_at(0).present == ()


def test_the_screen_reader_hears_the_sentence_and_whether_it_is_ticked() -> None:
    model = make_model(make_cases(1))
    role = Qt.ItemDataRole.AccessibleTextRole
    spoken = model.data(model.index(0), role)
    assert spoken == model.row_at(0).spoken()
    model.set_ticked(Selection(frozenset(ids(1))))
    assert model.data(model.index(0), role) == f"ticked, {spoken}"
    assert model.data(model.index(0), TICKED) is True
    assert isinstance(model.data(model.index(0), ROW), Row)
    assert model.data(QModelIndex(), ROW) is None


def test_cases_that_leave_the_queue_are_unticked() -> None:
    model = make_model(make_cases(3))
    model.set_ticked(Selection(frozenset(ids(1, 2))))
    model.remove(ids(1))
    assert model.ticked == Selection(frozenset(ids(2)))


def test_all_that_match_never_carries_over_to_another_filter() -> None:
    model = make_model(make_cases(3))
    model.set_ticked(Selection.everything())
    model.show_page(make_cases(3), first=True, last=True, same=True)
    assert model.ticked == Selection.everything()
    model.show_page(make_cases(2), first=True, last=True)
    assert model.ticked == Selection.nothing()


def test_ticking_repaints_the_row_and_tells_who_listens(qtbot: QtBot) -> None:
    model = make_model(make_cases(3))
    with qtbot.waitSignals([model.dataChanged, model.ticked_changed]):
        model.set_ticked(Selection(frozenset(ids(2))))


def comparisons_for_one_change(count: int) -> int:
    """How often a single live move compares keys in a queue of `count`."""
    counted = [0]

    class Counting(datetime):
        def __lt__(self, other: date) -> bool:
            counted[0] += 1
            assert isinstance(other, datetime)
            return super().__lt__(other)

        def __eq__(self, other: object) -> bool:
            counted[0] += 1
            return super().__eq__(other)

        __hash__ = datetime.__hash__

    def with_counting(many: Iterable[Case]) -> list[Case]:
        return [replace(c, rank_at=Counting.fromtimestamp(c.rank_at.timestamp(), c.rank_at.tzinfo)) for c in many]

    model = make_model(with_counting(make_cases(count)))
    counted[0] = 0
    model.upsert(with_counting([make_case(count // 2, due_minutes=3, version=2)]))
    assert model.row_of(one(count // 2)) == 3
    return counted[0]


def test_one_change_among_100_000_cases_compares_keys_a_logarithmic_number_of_times() -> None:
    assert comparisons_for_one_change(100_000) <= comparisons_for_one_change(1_000) * 3
