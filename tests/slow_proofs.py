"""Pytest plugin: proofs marked `slow` run only when they are asked for by name or marker."""

from __future__ import annotations

import re

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out `slow` unless the marker expression has the word or a test is named by id (decision 34)."""
    asked_by_marker = re.search(r"\bslow\b", config.getoption("markexpr"))
    asked_by_id = any("::" in argument for argument in config.args)
    if asked_by_marker or asked_by_id:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in set(slow)]
