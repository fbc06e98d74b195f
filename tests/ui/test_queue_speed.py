"""The queue's speed, as ratios to bare Qt in the same run."""

from __future__ import annotations

from typing import cast

import pytest

from benchmarks import queue_paint

pytestmark = [pytest.mark.foundation, pytest.mark.slow, pytest.mark.usefixtures("qapp")]


def test_the_next_case_is_painted_within_three_times_what_a_bare_table_takes() -> None:
    figures = queue_paint.run()
    for size in queue_paint.SIZES:
        for act in ("move", "decide"):
            compared = cast("dict[str, float]", figures[f"{act}_{size}"])
            assert compared["ratio_p99"] <= queue_paint.BAR, compared
    assert figures["passed"] is True
