"""Which revisions are written to, and why others are only read."""

from __future__ import annotations

import pytest

from hotmess_console.domain.policy.revisions import why_read_only

pytestmark = pytest.mark.authority


@pytest.mark.parametrize("installed", ["0002", "0003", "0004"])
def test_within_the_range_nothing_is_said(installed: str) -> None:
    assert why_read_only(installed, "0002", "0004") == ""


def test_an_older_database_says_that_it_lacks_rules_and_who_brings_them() -> None:
    words = why_read_only("0001", "0002", "0004")
    assert "revision 0001" in words
    assert "db upgrade" in words


def test_a_newer_database_asks_for_a_newer_console() -> None:
    words = why_read_only("0005", "0002", "0004")
    assert "newer than this program" in words
    assert "Install the newer console" in words
