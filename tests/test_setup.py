"""./dev sets up what is missing and says what to do when it cannot.

The script runs for real in a copy of the checkout; Python, uv, apt and the like are small scripts that write
down how they were called, so each proof takes milliseconds. The true set-up runs in CI, from a fresh clone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.repository.sources import ROOT

pytestmark = pytest.mark.foundation

SHELL = shutil.which("dash") or "/bin/sh"

RECORD = 'echo "${0##*/} $*" >>"$CALLS"\n'
PYTHON = (
    RECORD
    + """
case "$*" in
    *"print(getattr"*) echo "$0" ;;
    "-m venv "*) mkdir -p "$3/bin" && cp "$FAKES/venv-python" "$3/bin/python" ;;
esac
"""
)
VENV_PYTHON = (
    RECORD
    + """
case "$*" in
    "-m pip install"*) cp "$FAKES/uv" "${0%/*}/uv" ;;
esac
"""
)
UV = RECORD + '[ -z "${UV_FAILS:-}" ] || { echo "no network"; exit 2; }\n'
BROKEN_SHIM = RECORD + 'echo "command not found" >&2\nexit 127\n'
ALL_INSTALLED = RECORD + 'for name; do case "$name" in *t64) ;; *) printf "installed %s\\n" "$name" ;; esac; done\n'


@dataclass(frozen=True, slots=True)
class Checkout:
    """A copy of what ./dev reads, with fake tools first on the path."""

    folder: Path
    fakes: Path

    def fake(self, name: str, body: str) -> None:
        """Put a tool called `name` first on the path."""
        tool = self.fakes / name
        tool.write_text(f"#!/bin/sh\n{body}", encoding="utf-8")
        tool.chmod(0o755)

    def dev(self, *args: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        """Run ./dev of this checkout by a strictly POSIX shell."""
        clean = {name: value for name, value in os.environ.items() if name not in {"PYTHON", "CI"}}
        clean |= {"PATH": f"{self.fakes}:/usr/bin:/bin", "CALLS": str(self.log), "FAKES": str(self.fakes)}
        command = [SHELL, str(self.folder / "dev"), *args]
        return subprocess.run(
            command, cwd=cwd or self.folder, env=clean | env, capture_output=True, text=True, check=False
        )

    @property
    def log(self) -> Path:
        """Where the fakes write how they were called."""
        return self.fakes / "calls"

    def calls(self, tool: str) -> list[str]:
        """The arguments of each call of one tool so far, in order."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [line.partition(" ")[2] for line in lines if line.partition(" ")[0] == tool]

    def installs(self) -> int:
        """How often packages were installed into the environment."""
        return sum("--require-hashes" in call for call in self.calls("uv"))


def all_but(name: str) -> str:
    """A dpkg-query that has every package but one."""
    return ALL_INSTALLED.replace("*t64)", f"*t64 | {name})")


def copy_of_the_checkout(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("dev", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    fakes = tmp_path / "fakes"
    fakes.mkdir()
    made = Checkout(copy_of_the_checkout(tmp_path / "a checkout"), fakes)
    made.fake("python3.11", PYTHON)
    made.fake("venv-python", VENV_PYTHON)
    made.fake("uv", UV)
    made.fake("dpkg-query", ALL_INSTALLED)
    made.fake("apt-get", RECORD)
    made.fake("sudo", "exit 1\n")
    return made


def lines_of(result: subprocess.CompletedProcess[str]) -> list[str]:
    return result.stderr.splitlines()


def test_the_script_is_plain_posix_shell() -> None:
    script = (ROOT / "dev").read_text(encoding="utf-8")
    assert script.startswith("#!/bin/sh\n")
    assert subprocess.run([SHELL, "-n", ROOT / "dev"], check=False).returncode == 0
    code = "\n".join(line for line in script.splitlines() if not line.lstrip().startswith("#"))
    assert re.findall(r"\[\[|^\s*(?:function|local|declare|source)\s|<<<|\$'|&>|\w\+=|=\(", code, re.M) == []


def test_the_first_run_makes_the_environment_and_installs_what_is_locked_with_hashes(
    checkout: Checkout,
) -> None:
    result = checkout.dev("run", "version")
    assert result.returncode == 0, result.stderr
    assert checkout.calls("python3.11")[-1] == f"-m venv {checkout.folder}/.venv"
    pip, compiling, program = checkout.calls("python")
    assert "--require-hashes" in pip
    assert "requirements/boot.txt" in pip
    assert compiling.startswith("-m compileall -q"), "a start may not compile what the last one compiled"
    assert program == "-P -m hotmess_console run version".replace(" run ", " ")
    packages, project = checkout.calls("uv")
    assert "--require-hashes" in packages
    assert "requirements/dev.txt" in packages
    assert "--no-deps" in project
    assert "--no-build-isolation" in project


def test_a_second_run_installs_nothing_and_says_nothing(checkout: Checkout) -> None:
    checkout.dev("run", "version")
    again = checkout.dev("run", "doctor", "--json")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert checkout.installs() == 1
    assert checkout.calls("python")[-1] == "-P -m hotmess_console doctor --json"


def test_a_shim_that_is_there_but_does_not_execute_is_passed_over(checkout: Checkout) -> None:
    checkout.fake("python3.11", BROKEN_SHIM)
    checkout.fake("python3.12", PYTHON)
    result = checkout.dev("run", "version")
    assert result.returncode == 0, result.stderr
    assert checkout.calls("python3.12")[-1].startswith("-m venv ")


def test_the_python_that_was_asked_for_comes_first(checkout: Checkout) -> None:
    checkout.fake("my-python", PYTHON)
    assert checkout.dev("run", "version", PYTHON="my-python").returncode == 0
    assert checkout.calls("my-python")[-1].startswith("-m venv ")
    assert checkout.calls("python3.11") == []


def test_asking_for_another_python_makes_the_environment_anew(checkout: Checkout) -> None:
    checkout.dev("run", "version")
    checkout.fake("my-python", PYTHON)
    checkout.dev("run", "version", PYTHON="my-python")
    assert checkout.calls("my-python")[-1].startswith("-m venv ")


def test_an_environment_copied_along_with_its_folder_is_made_anew(checkout: Checkout, tmp_path: Path) -> None:
    checkout.dev("run", "version")
    moved = Checkout(tmp_path / "elsewhere", checkout.fakes)
    shutil.copytree(checkout.folder, moved.folder)
    assert moved.dev("run", "version").returncode == 0
    assert checkout.calls("python3.11")[-1] == f"-m venv {moved.folder}/.venv"
    assert checkout.installs() == 2


def test_changed_requirements_are_installed_into_the_environment_that_is_there(checkout: Checkout) -> None:
    checkout.dev("run", "version")
    (checkout.folder / ".venv" / "kept").touch()
    with (checkout.folder / "requirements" / "dev.txt").open("a", encoding="utf-8") as locked:
        locked.write("# one more\n")
    assert checkout.dev("run", "version").returncode == 0
    assert checkout.installs() == 2
    assert (checkout.folder / ".venv" / "kept").exists()


def test_a_set_up_that_failed_says_what_to_do_and_starts_again_next_time(checkout: Checkout) -> None:
    failed = checkout.dev("run", "version", UV_FAILS="yes")
    assert failed.returncode == 1
    what, to_do = lines_of(failed)[-2:]
    assert "setting up .venv failed" in what
    assert "run this again" in to_do
    assert "no network" in failed.stderr
    assert checkout.calls("python")[1:] == [], "the program was started without its libraries"
    assert checkout.dev("run", "version").returncode == 0


def test_a_lock_left_by_a_run_that_died_is_taken_over(checkout: Checkout) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    lock = checkout.folder / "build" / "dev.lock"
    lock.mkdir(parents=True)
    (lock / "pid").write_text(f"{dead.pid}\n", encoding="utf-8")
    assert checkout.dev("run", "version").returncode == 0
    assert not lock.exists()


def test_two_first_runs_at_once_set_up_once(checkout: Checkout) -> None:
    checkout.fake("uv", UV + "sleep 0.3\n")
    clean = {"PATH": f"{checkout.fakes}:/usr/bin:/bin", "CALLS": str(checkout.log)}
    both = [
        subprocess.Popen(
            [SHELL, str(checkout.folder / "dev"), "run", "version"],
            env=clean | {"FAKES": str(checkout.fakes)},
            stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    assert [one.wait(timeout=60) for one in both] == [0, 0]
    assert checkout.installs() == 1


def test_file_arguments_are_meant_from_where_the_caller_stands(checkout: Checkout, tmp_path: Path) -> None:
    checkout.fake("venv-python", VENV_PYTHON + 'pwd >>"$CALLS"\n')
    checkout.dev("run", "import", "tickets", "x.csv", cwd=tmp_path)
    assert checkout.log.read_text(encoding="utf-8").splitlines()[-1] == str(tmp_path.resolve())


def test_tests_run_in_the_checkout_whatever_the_callers_folder(checkout: Checkout, tmp_path: Path) -> None:
    checkout.fake("venv-python", VENV_PYTHON + 'pwd >>"$CALLS"\n')
    checkout.dev("test", cwd=tmp_path)
    assert checkout.log.read_text(encoding="utf-8").splitlines()[-1] == str(checkout.folder.resolve())


def test_test_without_arguments_runs_everything_on_several_cores(checkout: Checkout) -> None:
    checkout.dev("test")
    runs = [call for call in checkout.calls("python") if call.startswith("-m pytest")]
    assert re.fullmatch(r"-m pytest -n [1-4] --dist worksteal", runs[0])
    again = r"-m pytest -n [1-4] --dist worksteal tests/integration --ignore tests/integration/authority"
    older = [re.fullmatch(again, run) for run in runs[1:]]
    assert all(older), "what meets a database runs again on the older Postgres, and nothing else"


def test_test_hands_its_arguments_to_pytest_as_they_are(checkout: Checkout) -> None:
    checkout.dev("test", "-m", "foundation and slow", "tests/unit")
    assert checkout.calls("python")[-1] == "-m pytest -m foundation and slow tests/unit"


@pytest.mark.parametrize("command", ["demo", "run", "test", "lint", "bench"])
def test_without_the_right_to_install_the_exact_command_is_printed(checkout: Checkout, command: str) -> None:
    checkout.fake("id", "echo 1000\n")
    checkout.fake("dpkg-query", all_but("libegl1"))
    result = checkout.dev(command)
    assert result.returncode == 1
    what, to_do = lines_of(result)
    assert "system packages are missing" in what
    assert to_do.strip() == "Run: sudo apt-get install --no-install-recommends libegl1"
    assert checkout.calls("apt-get") == []


def test_root_installs_what_is_missing_and_nothing_else(checkout: Checkout) -> None:
    checkout.fake("id", "echo 0\n")
    checkout.fake("dpkg-query", all_but("libxcb-cursor0"))
    assert checkout.dev("run", "version").returncode == 0
    (call,) = checkout.calls("apt-get")
    assert call.endswith("install --no-install-recommends libxcb-cursor0")


def test_a_user_whose_sudo_needs_no_password_installs_with_it(checkout: Checkout) -> None:
    checkout.fake("id", "echo 1000\n")
    checkout.fake("sudo", RECORD + 'shift\n"$@"\n')
    checkout.fake("dpkg-query", all_but("libxcb-cursor0"))
    assert checkout.dev("run", "version").returncode == 0
    assert checkout.calls("sudo")[0] == "-n true"
    assert len(checkout.calls("apt-get")) == 1


def test_apt_that_refuses_is_asked_again_with_fresh_lists_and_then_told_of(checkout: Checkout) -> None:
    checkout.fake("id", "echo 0\n")
    checkout.fake("apt-get", RECORD + 'case "$*" in *install*) echo "E: gone"; exit 100 ;; esac\n')
    checkout.fake("dpkg-query", all_but("libegl1"))
    result = checkout.dev("run", "version")
    assert result.returncode == 1
    assert [call.split()[1] for call in checkout.calls("apt-get")][1] == "update"
    assert "E: gone" in result.stderr
    assert "apt could not install: libegl1" in result.stderr


def test_a_library_that_was_renamed_for_64_bit_time_counts_as_present(checkout: Checkout) -> None:
    checkout.fake("id", "echo 1000\n")
    renamed = all_but("libglib2.0-0") + 'echo "installed libglib2.0-0t64"\n'
    checkout.fake("dpkg-query", renamed)
    assert checkout.dev("run", "version").returncode == 0


def test_the_program_does_not_insist_on_fonts_and_mentions_them_once(checkout: Checkout) -> None:
    checkout.fake("id", "echo 1000\n")
    checkout.fake("dpkg-query", all_but("fonts-noto-cjk"))
    first = checkout.dev("run", "version")
    assert first.returncode == 0
    assert "apt-get install --no-install-recommends fonts-noto-cjk" in first.stderr
    assert checkout.dev("run", "version").stderr == ""


@pytest.mark.parametrize("package", ["postgresql-15", "pgbouncer", "openssl", "xvfb"])
def test_only_tests_need_a_second_postgres_a_pooler_and_a_screen(checkout: Checkout, package: str) -> None:
    checkout.fake("id", "echo 1000\n")
    checkout.fake("dpkg-query", all_but(package))
    assert checkout.dev("run", "version").returncode == 0
    assert checkout.dev("test").returncode == 1


@pytest.mark.parametrize(("args", "said"), [((), "no command given"), (("fly",), "no command 'fly'")])
def test_a_wrong_command_is_answered_in_two_lines(checkout: Checkout, args: tuple[str, ...], said: str) -> None:
    result = checkout.dev(*args)
    assert result.returncode == 2
    what, to_do = lines_of(result)[-2:]
    assert said in what
    assert "./dev" in to_do


def test_lint_runs_every_check_and_names_those_that_failed(checkout: Checkout) -> None:
    checkout.dev("run", "version")
    tools = checkout.folder / ".venv" / "bin"
    (tools / "ruff").write_text(f'#!/bin/sh\n{RECORD}[ "$1" = format ]\n', encoding="utf-8")
    for name in ("lint-imports", "mypy"):
        (tools / name).write_text(f"#!/bin/sh\n{RECORD}", encoding="utf-8")
    for name in ("ruff", "lint-imports", "mypy"):
        (tools / name).chmod(0o755)
    result = checkout.dev("lint")
    assert result.returncode == 1
    assert "lint failed: ruff." in result.stderr
    assert checkout.calls("ruff") == ["check", "format --check"]
    assert checkout.calls("mypy") == [""]


def test_ci_runs_the_two_commands_and_nothing_beside_them() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in script
    assert re.findall(r"^\./dev .*$", script, re.M) == ["./dev lint", "./dev test"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
