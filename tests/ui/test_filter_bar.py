"""The bar over a queue at 1280 pixels: conditions are readable, and the lit view is what the list shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from hotmess_console.domain.views import BUILT_IN, MINE
from hotmess_console.ui.widgets.filter_bar import FilterBar

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def bar(gui: Gui) -> Iterator[FilterBar]:
    made = FilterBar()
    made.resize(1280, made.height())
    made.set_views(BUILT_IN)
    made.set_counts({view.name: 22 for view in BUILT_IN})
    made.open_view(MINE.name)
    made.show()
    yield made
    made.close()


def type_in(gui: Gui, bar: FilterBar, words: str) -> None:
    bar.field.line.setText(words)
    bar.field.take()
    gui(asyncio.sleep(0.05))


def readable(bar: FilterBar) -> list[str]:
    """The conditions that are shown in full."""
    chips = [chip for chip in bar.field._chips if chip.isVisible()]
    assert all(chip.width() >= chip.sizeHint().width() for chip in chips)
    assert all(chip.geometry().right() < bar.field.line.x() for chip in chips)
    return [chip.text for chip in chips]


def test_three_conditions_are_readable_in_full_at_1280(gui: Gui, bar: FilterBar) -> None:
    type_in(gui, bar, "category:billing unassigned due:2h ")
    assert readable(bar) == ["category: billing", "unassigned", "due in 2 h"]
    assert bar.field.more.isHidden()
    assert bar.field.line.width() >= bar.field.line.minimumWidth()


def test_conditions_without_room_stand_behind_a_count_that_names_them(gui: Gui, bar: FilterBar) -> None:
    type_in(gui, bar, "category:billing,technical status:open,waiting priority:high,low level:1,2,3 lang:de,en,fr ")
    shown, tokens = readable(bar), bar.field.tokens
    assert 6 < len(shown) < len(tokens)
    assert bar.field.more.text == f"+{len(tokens) - len(shown)}"
    assert bar.field.more.accessibleDescription().endswith(tokens[-1].words)
    for _ in range(len(tokens) - len(shown)):
        bar.field._remove(bar.field.tokens[-1])
    gui(asyncio.sleep(0.05))
    assert readable(bar) == shown
    assert bar.field.more.isHidden()


def test_conditions_never_hold_the_window_wide(gui: Gui, bar: FilterBar) -> None:
    before = bar.minimumSizeHint().width()
    type_in(gui, bar, "category:billing,technical status:open,waiting priority:high,low level:1,2,3 ")
    assert bar.minimumSizeHint().width() <= before
    bar.resize(900, bar.height())
    gui(asyncio.sleep(0.05))
    assert readable(bar)
    assert not bar.field.more.isHidden()


def test_a_view_that_was_narrowed_says_filtered_instead_of_its_count(gui: Gui, bar: FilterBar) -> None:
    mine = bar.views.items[MINE.name]
    assert mine.accessibleName() == "My queue, 22"
    type_in(gui, bar, "unassigned ")
    assert bar.altered
    assert mine.accessibleName() == "My queue, filtered"
    type_in(gui, bar, "mine ")  # which is what the view says itself
    assert not bar.altered
    assert mine.accessibleName() == "My queue, 22"


def test_another_view_is_opened_as_it_was_saved(gui: Gui, bar: FilterBar) -> None:
    type_in(gui, bar, "refund")
    assert bar.views.items[MINE.name].accessibleName() == "My queue, filtered"
    bar.open_view("Team")
    assert [item.note for item in bar.views.items.values()] == [""] * len(BUILT_IN)


def test_a_view_stays_marked_when_the_views_are_read_again(gui: Gui, bar: FilterBar) -> None:
    type_in(gui, bar, "unassigned ")
    bar.set_views(BUILT_IN)
    assert bar.views.items[MINE.name].note == "filtered"
