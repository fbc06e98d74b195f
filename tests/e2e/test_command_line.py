"""The command line as somebody types it: data on standard output, two lines of words when it fails."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server, attach
from hotmess_console.adapters.store.install import install
from hotmess_console.cli import main
from tests.clusters import short_folder
from tests.desks import bare

pytestmark = pytest.mark.foundation


def console(*words: str, input: str | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "hotmess_console", *words],
        capture_output=True,
        text=True,
        input=input or "",
        timeout=120,
        cwd=cwd,
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    with short_folder() as made:
        yield made / "demo"


def test_the_version_is_printed_as_words_and_as_json() -> None:
    assert console("version").stdout.startswith("hotmess-console ")
    assert json.loads(console("version", "--json").stdout) == {"version": "0.1.0"}


@pytest.mark.parametrize(
    "words",
    [
        ("open", "no-number"),
        ("import", "tickets", "there-is-no-such-file.csv"),
        ("db", "check", "--dsn", "host=/nowhere dbname=x"),
        ("db", "install", "--dsn", "this is no connection string"),
        ("run",),
        ("db", "check", "--dsn", ""),
        ("doctor", "--dsn", "this is no connection string"),
        ("demo", "--login", "nobody"),
        ("import", "tickets", "."),
    ],
)
def test_a_failure_says_what_happened_and_what_to_do_in_two_lines(words: tuple[str, ...]) -> None:
    done = console(*words)
    lines = [line for line in done.stderr.splitlines() if not line.endswith(" …")]
    assert done.returncode == 1
    assert len(lines) == 2
    assert all(len(line) > 10 for line in lines)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ((), "COMMAND"),
        (("nonsense",), "nonsense"),
        (("db",), "WHAT"),
        (("db", "check"), "--dsn"),
        (("db", "install", "--dsn"), "--dsn"),
        (("db", "upgrade", "--json"), "--dsn"),
        (("import", "tickets"), "FILE.csv"),
        (("import", "tickets", "x.csv", "--folder", __file__), "no folder"),
        (("open",), "HM-"),
        (("version", "extra"), "extra"),
        (("doctor", "--folder", __file__), "no folder"),
        (("run", "--profile", "nonsense"), "nonsense"),
        (("demo", "--size", "-5"), "1 to 1,000,000 tickets, not “-5”"),
        (("demo", "--size=0"), "1 to 1,000,000 tickets, not “0”"),
        (("demo", "--size", "many"), "1 to 1,000,000 tickets, not “many”"),
        (("demo", "--size", "1.5"), "not “1.5”"),
        (("demo", "--tour", __file__), "no folder"),
        (("demo", "--folder", ""), "no folder"),
    ],
)
def test_what_cannot_be_understood_is_said_in_two_lines_too(
    words: tuple[str, ...], wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    first, second = capsys.readouterr().err.splitlines()
    assert ended.value.code == 2
    assert wrong in first
    assert second.startswith("To see what it takes: hotmess-console")
    assert second.endswith("--help")


# ── a demo where there is no display ──


@pytest.fixture
def nowhere_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("nowhere_to_show")
def test_the_tour_that_runs_instead_keeps_to_folder_size_and_login(tmp_path: Path) -> None:
    (tmp_path / "kept" / "data").mkdir(parents=True)
    for words, what in (
        (("--login", "gideon"), "Nobody who answers tickets at the demo's desk is called “gideon”."),
        (("--size", "12"), "The tour needs a demo of at least 60 tickets, not 12."),
        (("--folder", str(tmp_path / "kept")), f"There is a demo in {tmp_path / 'kept'} already"),
    ):
        done = console("demo", *words, cwd=tmp_path)
        assert done.returncode == 1, words
        said = done.stderr.splitlines()
        assert said[0] == "There is no display, so the tour runs instead of the window …"
        assert said[1].startswith(what)
        assert len(said) == 3, said
    assert list((tmp_path / "kept" / "data").iterdir()) == []


@pytest.mark.parametrize("place", ["/proc/pictures", "/dev/null/pictures"])
def test_a_tour_that_could_not_write_its_pictures_is_refused_before_anything_starts(place: str, tmp_path: Path) -> None:
    done = console("demo", "--tour", place, "--folder", str(tmp_path / "demo"))
    assert done.returncode == 1
    first, second = done.stderr.splitlines()
    assert first.startswith(f"No pictures can be written to {place}")
    assert second == "Choose another folder for --tour."
    assert not (tmp_path / "demo").exists()


def test_a_tour_whose_demo_cannot_start_says_why(tmp_path: Path) -> None:
    done = console("demo", "--tour", str(tmp_path), "--folder", "/proc/nowhere")
    said = [line for line in done.stderr.splitlines() if not line.endswith(" …")]
    assert done.returncode == 1
    # what keeps root out of such a place differs from what keeps others out
    assert "/proc/nowhere" in said[0]
    assert "local database" in said[0]
    assert len(said) == 2, said


def test_installing_twice_changes_nothing_and_check_finds_no_trouble(cluster: Server) -> None:
    with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as conn:
        conn.execute("DROP DATABASE IF EXISTS by_command_line")
        conn.execute("CREATE DATABASE by_command_line")
    dsn = cluster.conninfo("by_command_line")
    first = json.loads(console("db", "install", "--dsn", dsn, "--json").stdout)
    again = json.loads(console("db", "upgrade", "--dsn", dsn, "--json").stdout)
    found = console("db", "check", "--dsn", dsn, "--json")
    assert found.returncode == 0, found.stdout
    assert first["go_live"] == again["go_live"]
    assert json.loads(found.stdout)["true_clock"] is True
    assert {b["concept"]: b["enforceable"] for b in first["bindings"]}["tickets"] == "not_here"


def test_the_check_lists_what_everybody_may_with_the_line_to_run(cluster: Server) -> None:
    with bare(cluster) as database:
        install(database.conninfo())
        with database.connect() as conn:
            conn.execute("CREATE FUNCTION public.give_all() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
        as_data = console("db", "check", "--dsn", database.conninfo(), "--json")
        as_words = console("db", "check", "--dsn", database.conninfo())
        [worst, *others] = json.loads(as_data.stdout)["reached_through_public"]
        assert (worst["gravity"], worst["what"]) == ("run_as_owner", "function public.give_all(): EXECUTE")
        assert others[-1]["what"] == "schema public: USAGE"
        lines = as_words.stdout.splitlines()
        at = next(place for place, line in enumerate(lines) if worst["what"] in line)
        assert worst["why"] in lines[at]
        assert lines[at + 1].strip() == worst["run"]
        assert worst["run"].endswith("REVOKE EXECUTE ON FUNCTION public.give_all() FROM PUBLIC;")
        assert (as_data.returncode, as_words.returncode) == (0, 0), "it is the platform's owner's to decide"


def write_csv(path: Path) -> None:
    rows = [
        ["subject", "message", "category", "language", "email"],
        ["One", "The first thing does not work", "technical", "en", "one@example.org"],
        ["Two", "The second thing", "nonsense", "en", ""],
        ["Three", "The third thing", "billing", "de", ""],
        ["Four", "short row"],
    ]
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)


def test_an_import_takes_good_rows_lists_bad_ones_and_adds_nothing_twice(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    write_csv(file)
    first = console("import", "tickets", str(file), "--folder", str(folder), "--json")
    again = console("import", "tickets", str(file), "--folder", str(folder), "--json")
    assert first.returncode == 1, "bad rows are a failure to look at"
    answer = json.loads(first.stdout)
    assert (answer["rows"], answer["added"]) == (4, 2)
    assert [bad["line"] for bad in answer["bad"]] == [3, 5]
    assert json.loads(again.stdout)["added"] == 0
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.conninfo("demo")) as conn:
        counted = conn.execute(
            "SELECT c.subject, t.requester_email LIKE '%@import.invalid' FROM console.cases c "
            "JOIN console.tickets t ON t.case_id = c.id WHERE c.source = 'import' ORDER BY c.number"
        ).fetchall()
        sent = conn.execute(
            "SELECT count(*) FROM console.deliveries d JOIN console.cases c ON c.id = d.case_id "
            "WHERE c.source = 'import'"
        ).fetchone()
    assert counted == [("One", False), ("Three", True)]
    assert sent == (0,), "imports write to nobody"
    assert attach(folder) is None, "the command leaves no server behind"


def test_the_doctor_lists_the_machine_and_what_the_platform_offers(folder: Path, tmp_path: Path) -> None:
    write_csv(tmp_path / "tickets.csv")
    console("import", "tickets", str(tmp_path / "tickets.csv"), "--folder", str(folder))  # makes the demo's world
    with EmbeddedPostgres(folder):
        done = console("doctor", "--folder", str(folder), "--json")
    findings = {finding["what"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 0, done.stdout
    assert findings["Fonts"]["ok"]
    assert findings["tickets"]["words"].startswith("applied: support_tickets")


def test_starting_up_imports_no_toolkit_and_no_driver() -> None:
    heavy = ("PySide6", "sqlalchemy", "psycopg", "stripe", "httpx", "alembic", "keyring")
    code = f"import sys, hotmess_console.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
