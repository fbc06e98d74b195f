"""Pytest plugin: in CI a skipped proof fails the run, and says why it was skipped."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

FORBIDDEN_UNDER = "CI"
"""With this variable set to a true word, nothing may be skipped (decision 34)."""


class Skips:
    """Notes what was skipped. Under xdist only the controller counts: it receives every worker's reports."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that was skipped, by a marker or while it ran; an expected failure is none."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a whole module that was skipped while it was imported."""
        if report.skipped:
            self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        longrepr = report.longrepr
        self.reasons[report.nodeid] = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a run that would have passed into a failed one."""
        if self.reasons and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(wrapper=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
        """List what was skipped, above the closing line."""
        yield
        if self.reasons:
            terminalreporter.section("skipped proofs: none may be skipped in CI", red=True)
            for nodeid, reason in sorted(self.reasons.items()):
                terminalreporter.line(f"SKIPPED {nodeid}: {reason}")


def pytest_configure(config: pytest.Config) -> None:
    """Watch for skips where they are forbidden, on the controller or in a run without xdist."""
    forbidden = os.environ.get(FORBIDDEN_UNDER, "").lower() not in ("", "0", "false", "no")
    if forbidden and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Skips(), "skips-fail")
