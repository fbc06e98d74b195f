"""Medians, tails and ratios of timed work, always beside a floor measured in the same run."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Return median, p95 and p99 in milliseconds, and how often it was measured."""
    ordered = sorted(seconds)
    return {
        "median_ms": round(statistics.median(ordered) * 1000, 3),
        "p95_ms": round(_at(ordered, 0.95) * 1000, 3),
        "p99_ms": round(_at(ordered, 0.99) * 1000, 3),
        "runs": len(ordered),
    }


def beside(ours: Sequence[float], floor: Sequence[float], *, bar: float, by: str = "median_ms") -> dict[str, object]:
    """Return both summaries, the ratio of `by`, and whether it stays within `bar`."""
    mine, theirs = summary(ours), summary(floor)
    ratio = mine[by] / theirs[by]
    return {"ours": mine, "floor": theirs, "ratio": round(ratio, 2), "by": by, "bar": bar, "held": ratio <= bar}


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
