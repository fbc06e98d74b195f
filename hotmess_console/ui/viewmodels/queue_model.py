"""The queue as the list shows it: newest version wins, in queue order, never reset by a live change."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from hotmess_console.domain.cases import Case, CaseKey
from hotmess_console.domain.values import CaseId, Login
from hotmess_console.ui.viewmodels.queue_rows import Row
from hotmess_console.ui.viewmodels.selection import Selection

ROW = int(Qt.ItemDataRole.UserRole) + 1
TICKED = int(Qt.ItemDataRole.UserRole) + 2

RowWords = Callable[[Case, datetime, tuple[Login, ...]], Row]
"""Puts a case into words as of an instant, with who else reads it; the privacy mask is another of these."""

_Key = tuple[int, datetime, UUID]
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_WORDS_KEPT = 1024  # rows kept in words: far more than any screen shows, so that a tick stays short
_SWAP_AT_ONCE = 200  # from so many differences on, a fresh first page replaces the list at once


def _sort_key(case: Case) -> _Key:
    return (int(case.urgency), case.rank_at, case.id)


class QueueModel(QAbstractListModel):
    """Cases in queue order; one index is one row. Everything happens in the GUI thread.

    Finding, adding and removing one of n cases costs O(log n) comparisons. Words are made when a row is first
    asked for, so 100,000 loaded cases cost what their snapshots cost.
    """

    more_wanted = Signal()
    """The person nears the end of what is loaded; answer with `show_page(…, first=False)` from `cursor`."""
    ticked_changed = Signal(object)
    """The new `Selection`."""

    def __init__(self, words: RowWords, now: datetime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words, self._now = words, now
        self._keys: list[_Key] = []
        self._key_of: dict[CaseId, _Key] = {}
        self._cases: dict[CaseId, Case] = {}
        self._newest: dict[CaseId, int] = {}
        self._hidden: dict[CaseId, Case] = {}
        self._notices: dict[CaseId, str] = {}
        self._readers: dict[CaseId, tuple[Login, ...]] = {}
        self._rows: OrderedDict[CaseId, Row] = OrderedDict()
        self._ticked = Selection.nothing()
        self._cursor: CaseKey | None = None
        self._complete = self._asked = False

    # ── what Qt asks ──

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """How many rows are loaded."""
        return 0 if parent.isValid() else len(self._keys)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The `Row`, whether it is ticked, or the sentence that a screen reader speaks."""
        if not index.isValid() or index.row() >= len(self._keys):
            return None
        if role == ROW:
            return self.row_at(index.row())
        if role == TICKED:
            return self.id_at(index.row()) in self._ticked
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            return self._spoken(index.row())
        return None

    def canFetchMore(self, parent: _Index = _ROOT) -> bool:
        """Whether the filter may match more than is loaded."""
        return not parent.isValid() and not self._complete and not self._asked and self._cursor is not None

    def fetchMore(self, parent: _Index = _ROOT) -> None:
        """Ask for the next page, once until it arrives."""
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()

    def more_failed(self) -> None:
        """The page that was asked for will not come; scrolling may ask again."""
        self._asked = False

    # ── reading ──

    @property
    def cursor(self) -> CaseKey | None:
        """Key of the last case that a page brought, where the next starts; live changes do not move it."""
        return self._cursor

    @property
    def complete(self) -> bool:
        """Whether everything that the filter matches is loaded."""
        return self._complete

    def id_at(self, row: int) -> CaseId:
        """The case in row `row`; IndexError outside the list."""
        return CaseId(self._keys[row][2])

    def row_of(self, case: CaseId) -> int | None:
        """Where `case` is shown, or None."""
        key = self._key_of.get(case)
        return None if key is None else bisect_left(self._keys, key)

    def case(self, case: CaseId) -> Case | None:
        """The newest snapshot of a shown case."""
        return self._cases.get(case)

    def row_at(self, row: int) -> Row:
        """Row `row` in words; the same object until something about it changes."""
        case = self.id_at(row)
        found = self._rows.get(case)
        if found is None:
            found = self._rows[case] = self._put_into_words(case)
            if len(self._rows) > _WORDS_KEPT:
                self._rows.popitem(last=False)
        else:
            self._rows.move_to_end(case)
        return found

    def _put_into_words(self, case: CaseId) -> Row:
        row = self._words(self._cases[case], self._now, self._readers.get(case, ()))
        notice = self._notices.get(case)
        return replace(row, notice=notice) if notice else row

    def _spoken(self, row: int) -> str:
        ticked = "ticked, " if self.id_at(row) in self._ticked else ""
        return ticked + self.row_at(row).spoken()

    # ── pages ──

    def show_page(self, cases: Sequence[Case], first: bool, *, last: bool = False, same: bool = False) -> None:
        """Show a page read by keyset: the `first` one replaces the list, others are added.

        `last`, or a page without cases, says that nothing follows. Newer versions already shown are kept.
        `same` says that a first page was read again for the same filter; otherwise "all that match" is
        unticked, because it would come to mean other cases than the person looked at.
        """
        if first and not same and self._ticked.all_matching:
            self._tick(Selection.nothing())
        self._asked = False
        self._complete = last or not cases
        if first:
            self._cursor = None
        if cases:
            self._cursor = max(cases, key=_sort_key).key
        if first:
            self._replace(cases)
        else:
            self._append(cases)

    def _replace(self, cases: Sequence[Case]) -> None:
        fresh = {case.id for case in cases}
        gone = [case for case in self._cases if case not in fresh]
        self._newest = {k: v for k, v in self._newest.items() if k in self._cases or k in self._hidden}
        self._forget_versions(gone)
        if len(gone) + sum(case.id not in self._cases for case in cases) > _SWAP_AT_ONCE:
            self._swap(cases)
            return
        self._drop(gone)
        for case in cases:
            self._take(case)

    def _forget_versions(self, gone: Iterable[CaseId]) -> None:
        """Forget versions of cases that a new filter left out, so that a later filter can show them again."""
        for case in gone:
            self._newest.pop(case, None)

    def _swap(self, cases: Sequence[Case]) -> None:
        self.beginResetModel()
        for case in cases:
            if case.version > self._newest.get(case.id, -1):
                self._newest[case.id] = case.version
                self._hidden.pop(case.id, None)
        shown = [self._newer(case) for case in cases if case.id not in self._hidden]
        self._cases = {case.id: case for case in shown}
        self._key_of = {case.id: _sort_key(case) for case in shown}
        self._keys = sorted(self._key_of.values())
        self._rows.clear()
        self._notices = {k: v for k, v in self._notices.items() if k in self._cases}
        self.endResetModel()
        self._tick(self._ticked if self._ticked.all_matching else Selection(self._ticked.ids & self._cases.keys()))

    def _newer(self, case: Case) -> Case:
        known = self._cases.get(case.id)
        return known if known is not None and known.version > case.version else case

    def _append(self, cases: Sequence[Case]) -> None:
        new = sorted((c for c in cases if c.version > self._newest.get(c.id, -1)), key=_sort_key)
        tail = (
            bool(new)
            and all(c.id not in self._newest for c in new)
            and (not self._keys or _sort_key(new[0]) > self._keys[-1])
        )
        if not tail or len({c.id for c in new}) < len(new):
            for case in new:
                self._take(case)
            return
        start = len(self._keys)
        self.beginInsertRows(_ROOT, start, start + len(new) - 1)
        for case in new:
            self._newest[case.id] = case.version
            self._remember(case)
            self._keys.append(self._key_of[case.id])
        self.endInsertRows()

    # ── live changes ──

    def upsert(self, cases: Iterable[Case]) -> None:
        """Show these snapshots where they belong. One that is not newer than what was seen changes nothing.

        A new case that belongs behind the last page waits for its page, so that paging never skips a case.
        """
        for case in cases:
            if case.id in self._cases or self._within(case):
                self._take(case)

    def _within(self, case: Case) -> bool:
        """Whether the loaded part of the queue reaches as far as `case`."""
        if self._complete:
            return True
        end = self._cursor
        return end is not None and _sort_key(case) <= (end.urgency, end.rank_at, end.id)

    def _take(self, case: Case) -> None:
        if case.version <= self._newest.get(case.id, -1):
            return
        self._newest[case.id] = case.version
        self._hidden.pop(case.id, None)  # a newer version answers what the key press only promised
        self._notices.pop(case.id, None)
        if case.id not in self._key_of:
            self._insert(case)
        elif self._key_of[case.id] == _sort_key(case):
            self._remember(case)
            self._repaint(case.id)
        else:
            self._move(case)

    def _remember(self, case: Case) -> None:
        self._cases[case.id] = case
        self._key_of[case.id] = _sort_key(case)
        self._rows.pop(case.id, None)

    def _insert(self, case: Case) -> None:
        row = bisect_left(self._keys, _sort_key(case))
        self.beginInsertRows(_ROOT, row, row)
        self._remember(case)
        self._keys.insert(row, self._key_of[case.id])
        self.endInsertRows()

    def _move(self, case: Case) -> None:
        source = bisect_left(self._keys, self._key_of[case.id])
        target = bisect_left(self._keys, _sort_key(case))
        stays = target in (source, source + 1)
        if not stays:
            self.beginMoveRows(_ROOT, source, source, _ROOT, target)
        del self._keys[source]
        self._remember(case)
        self._keys.insert(target - (target > source), self._key_of[case.id])
        if not stays:
            self.endMoveRows()
        self._repaint(case.id)

    def _repaint(self, case: CaseId, roles: Sequence[int] = ()) -> None:
        row = self.row_of(case)
        if row is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index, list(roles))

    def remove(self, ids: Iterable[CaseId]) -> None:
        """These cases no longer match the filter, or are gone; versions seen so far do not return."""
        gone = list(ids)
        for case in gone:
            self._hidden.pop(case, None)
        self._drop(gone)

    def _drop(self, ids: Iterable[CaseId]) -> None:
        gone = [case for case in dict.fromkeys(ids) if case in self._key_of]
        rows = sorted((bisect_left(self._keys, self._key_of[case]) for case in gone), reverse=True)
        while rows:
            end = start = rows.pop(0)
            while rows and rows[0] == start - 1:
                start = rows.pop(0)
            self._drop_run(start, end)
        if gone:
            self._tick(self._ticked.forgetting(gone))

    def _drop_run(self, start: int, end: int) -> None:
        self.beginRemoveRows(_ROOT, start, end)
        for key in self._keys[start : end + 1]:
            case = CaseId(key[2])
            for table in (self._key_of, self._cases, self._rows, self._notices):
                table.pop(case, None)
        del self._keys[start : end + 1]
        self.endRemoveRows()

    # ── shown as done at the key press ──

    def take_away(self, case: CaseId) -> bool:
        """Hide a case at once because a reversible command was given; False if it is not shown."""
        snapshot = self._cases.get(case)
        if snapshot is None:
            return False
        self._hidden[case] = snapshot
        self._drop([case])
        return True

    def bring_back(self, case: CaseId, reason: str) -> bool:
        """The command was refused or undone: show the case again where it belongs, with `reason` in its row.

        False if the case has meanwhile left the queue: say the reason elsewhere. An empty one shows none.
        """
        snapshot = self._hidden.pop(case, None)
        if snapshot is None and case not in self._cases:
            return False
        if reason:
            self._notices[case] = reason
        if snapshot is not None:
            self._insert(snapshot)
        else:
            self._reword(case)
        return True

    # ── words ──

    def tick(self, now: datetime) -> None:
        """A minute passed: repaint only the rows whose words changed. Rows not shown yet are not touched."""
        self._now = now
        for case in list(self._rows):
            self._reword(case)

    def tick_row(self, case: CaseId, now: datetime) -> None:
        """Bring one row up to `now`: the open case says the same in the queue as in its head."""
        self._now = now
        self._reword(case)

    def set_words(self, words: RowWords) -> None:
        """Put every row into other words, for instance when the privacy mask is switched."""
        self._words = words
        for case in list(self._rows):
            self._reword(case)

    def reword(self, cases: Iterable[CaseId]) -> None:
        """Put the rows of these into words again: something beside the case itself changed."""
        for case in cases:
            self._reword(case)

    def show_readers(self, readers: Mapping[CaseId, tuple[Login, ...]]) -> None:
        """Who else has which case open now."""
        before, self._readers = self._readers, dict(readers)
        for case in before.keys() | self._readers.keys():
            if before.get(case, ()) != self._readers.get(case, ()):
                self._reword(case)

    def _reword(self, case: CaseId) -> None:
        known = self._rows.get(case)
        if known is not None:
            row = self._put_into_words(case)
            if row != known:
                self._rows[case] = row
                self._repaint(case)

    # ── ticks ──

    @property
    def ticked(self) -> Selection:
        """What is ticked for a bulk action."""
        return self._ticked

    def set_ticked(self, selection: Selection) -> None:
        """Tick exactly `selection`."""
        self._tick(selection)

    def _tick(self, selection: Selection) -> None:
        if selection == self._ticked:
            return
        before, self._ticked = self._ticked, selection
        if before.all_matching == selection.all_matching and len(before.ids ^ selection.ids) <= _SWAP_AT_ONCE:
            for case in before.ids ^ selection.ids:
                self._repaint(case, [TICKED])
        elif self._keys:
            self.dataChanged.emit(self.index(0), self.index(len(self._keys) - 1), [TICKED])
        self.ticked_changed.emit(selection)
