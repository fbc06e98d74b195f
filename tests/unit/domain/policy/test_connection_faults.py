"""Every fault of a connection has its words and a way out."""

from __future__ import annotations

import pytest

from hotmess_console.domain.policy.connection_faults import Fault, told

pytestmark = pytest.mark.authority

NAMED = [fault for fault in Fault if fault is not Fault.WEAK]


@pytest.mark.parametrize("fault", NAMED)
def test_a_fault_names_what_it_is_about_and_what_to_do(fault: Fault) -> None:
    found = told(fault, "db.example.org")
    assert "db.example.org" in found.words
    assert found.words.endswith(".")
    assert found.hint.rstrip("…").strip()
    assert "{" not in found.words + found.hint


def test_no_two_faults_are_told_alike() -> None:
    assert len({told(fault, "x").words for fault in NAMED}) == len(NAMED)


def test_what_is_not_known_is_called_this_server() -> None:
    assert "this server" in told(Fault.SILENT, "").words


@pytest.mark.parametrize("fault", [Fault.NO_TLS, Fault.OTHER_NAME, Fault.UNKNOWN_AUTHORITY, Fault.EXPIRED])
def test_a_server_that_proves_nothing_got_no_password(fault: Fault) -> None:
    assert "Nothing was sent" in told(fault, "x").words
