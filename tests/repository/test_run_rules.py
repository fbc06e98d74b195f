"""In CI nothing is skipped, a run without tests fails, and slow proofs wait until they are asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository.sources import ROOT

pytestmark = pytest.mark.foundation

PASSES = "def test_passes() -> None: ...\n"
SKIPS = {
    "a marked test": "import pytest\n@pytest.mark.skip(reason='no server')\ndef test_x(): ...\n",
    "a test that gives up": "import pytest\ndef test_x(): pytest.skip('no server')\n",
    "a fixture that gives up": (
        "import pytest\n@pytest.fixture\ndef server(): pytest.skip('no server')\ndef test_x(server): ...\n"
    ),
    "a whole module": "import pytest\npytest.skip('no server', allow_module_level=True)\n",
    "a missing library": "import pytest\npytest.importorskip('no_such_thing', reason='no server')\n",
}
SLOW = "import pytest\n@pytest.mark.slow\ndef test_figures(): ...\n"


def run(folder: Path, *args: str, ci: str = "") -> subprocess.CompletedProcess[str]:
    """Run pytest with only our plugins on the tests of a folder."""
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    slow: figures\n", encoding="utf-8")
    plugins = ["-p", "tests.no_skips", "-p", "tests.slow_proofs", "-p", "no:cacheprovider"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    env |= {"CI": ci, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", *plugins, "-p", "xdist.plugin", *args]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", SKIPS)
def test_a_skipped_proof_fails_ci_and_its_reason_is_listed(tmp_path: Path, kind: str) -> None:
    (tmp_path / "test_sample.py").write_text(SKIPS[kind], encoding="utf-8")
    (tmp_path / "test_other.py").write_text(PASSES, encoding="utf-8")
    result = run(tmp_path, ci="true")
    assert result.returncode == pytest.ExitCode.TESTS_FAILED
    assert any(line.startswith("SKIPPED test_sample.py") and "no server" in line for line in result.stdout.splitlines())
    assert "1 passed" in result.stdout.splitlines()[-1]


@pytest.mark.parametrize("kind", ["a marked test", "a whole module"])
def test_a_proof_skipped_by_a_parallel_worker_fails_ci_too(tmp_path: Path, kind: str) -> None:
    (tmp_path / "test_sample.py").write_text(SKIPS[kind], encoding="utf-8")
    (tmp_path / "test_other.py").write_text(PASSES, encoding="utf-8")
    result = run(tmp_path, "-n", "2", ci="true")
    assert result.returncode == pytest.ExitCode.TESTS_FAILED
    assert "no server" in result.stdout


def test_outside_ci_a_proof_may_be_skipped(tmp_path: Path) -> None:
    (tmp_path / "test_sample.py").write_text(SKIPS["a marked test"], encoding="utf-8")
    assert run(tmp_path).returncode == pytest.ExitCode.OK


def test_a_failure_known_and_expected_is_no_skip(tmp_path: Path) -> None:
    known = "import pytest\n@pytest.mark.xfail\ndef test_x(): assert False\n"
    (tmp_path / "test_sample.py").write_text(known, encoding="utf-8")
    assert run(tmp_path, ci="true").returncode == pytest.ExitCode.OK


def test_a_run_without_any_test_fails(tmp_path: Path) -> None:
    assert run(tmp_path, ci="true").returncode == pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.mark.parametrize(
    ("args", "passed"),
    [
        ((), 1),
        (("-m", "not slow"), 1),
        (("-m", "slow"), 1),
        (("-m", "slow or not slow"), 2),
        (("test_sample.py::test_figures",), 1),
        (("-n", "2", "-m", "slow or not slow"), 2),
    ],
)
def test_slow_proofs_run_only_when_asked_for(tmp_path: Path, args: tuple[str, ...], passed: int) -> None:
    (tmp_path / "test_sample.py").write_text(SLOW, encoding="utf-8")
    (tmp_path / "test_other.py").write_text(PASSES, encoding="utf-8")
    assert f"{passed} passed" in run(tmp_path, *args).stdout.splitlines()[-1]
