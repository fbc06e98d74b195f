"""``./dev bench``: every figure beside its floor; the exit code says whether every bar was held."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

from benchmarks import audit, queue_page, queue_paint, startup

ALL: dict[str, Callable[[], dict[str, object]]] = {
    "start": startup.run,
    "queue page": queue_page.run,
    "queue paint": queue_paint.run,
    "audit": audit.run,
}


def main() -> int:
    """Run the benchmarks that were named, or all; print words or JSON."""
    parser = argparse.ArgumentParser("./dev bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which: {', '.join(ALL)}; all by default")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    wanted = [name for name in ALL if not arguments.names or any(name.startswith(n) for n in arguments.names)]
    figures = {name: ALL[name]() for name in wanted}
    if arguments.json:
        print(json.dumps(figures, indent=2, ensure_ascii=False))
    else:
        for line in lines(figures):
            print(line)
    return 0 if not list(missed(figures)) else 1


def lines(figures: object, path: str = "") -> list[str]:
    """Return one line for each comparison: medians, tails, ratio and bar."""
    if not isinstance(figures, dict):
        return []
    if "ratio" in figures and "bar" in figures:
        ours, floor = figures.get("ours", {}), figures.get("floor", {})
        verdict = "held" if figures.get("held", figures["ratio"] <= figures["bar"]) else "MISSED"
        return [
            f"{path:<44} {ours.get('median_ms', '')} ms (p99 {ours.get('p99_ms', '')}) over "
            f"{floor.get('median_ms', '')} ms (p99 {floor.get('p99_ms', '')}): "
            f"{figures['ratio']} of {figures['bar']}, {verdict}"
        ]
    if "ratio_p99" in figures:
        return [f"{path:<44} p99 ratio {figures['ratio_p99']} (medians {figures.get('ratio_median', '')})"]
    found = []
    for key, value in figures.items():
        found += lines(value, f"{path} · {key}" if path else str(key))
    return found


def missed(figures: object) -> list[object]:
    """Return the comparisons that went beyond their bar."""
    if not isinstance(figures, dict):
        return []
    if "ratio" in figures and "bar" in figures:
        return [] if figures["ratio"] <= figures["bar"] else [figures]
    if figures.get("passed") is False:
        return [figures]
    return [each for value in figures.values() for each in missed(value)]


if __name__ == "__main__":
    sys.exit(main())
