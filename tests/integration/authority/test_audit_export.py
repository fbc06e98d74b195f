"""Anchoring and exporting the audit, and the stand-alone verifier that shares nothing with the console."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hotmess_console.adapters.workstation.anchors import sign_file
from hotmess_console.app import audit
from hotmess_console.cli import main
from hotmess_console.domain.errors import BadInput, SetupError
from tests.desks import AUDITOR, DeskDatabase
from tests.integration.authority.sealing import covering_tracks, make_entries, seal_all

pytestmark = pytest.mark.authority

VERIFIER = Path(__file__).parents[3] / "resources" / "verify_audit.py"
LONG = ("2000-01-01", "2100-01-01")


def judge(*arguments: object) -> tuple[int, str]:
    """What the stand-alone verifier answers, run without any of the console's libraries."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """An operator's private key, with a list of allowed signers beside it."""
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    (tmp_path / "signers").write_text("operator " + path.with_suffix(".pub").read_text())
    return path


@pytest.fixture
def sealed(desk_database: DeskDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskDatabase:
    """A desk whose audit is sealed; this computer remembers nothing of it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    make_entries(desk_database, 3)
    seal_all(desk_database)
    return desk_database


def exported(database: DeskDatabase, to: Path, key: Path | None = None) -> int:
    """Export all there is."""
    start, end = map(audit.instant, LONG)
    return audit.export(database.conninfo(AUDITOR), start, end, to, key)


def test_an_export_is_one_file_that_the_stand_alone_verifier_accepts(
    sealed: DeskDatabase, tmp_path: Path, key: Path
) -> None:
    count = exported(sealed, tmp_path / "plain")
    assert count == sealed.one("SELECT count(*) FROM console_audit.entries") > 20
    assert judge(tmp_path / "plain") == (
        0,
        f"Seals 1 to {count} hold; 0 of them are anchored elsewhere.\nNot signed.\n",
    )
    exported(sealed, tmp_path / "signed", key)
    audit.anchor(sealed.conninfo(AUDITOR), tmp_path / "anchors", key)
    code, said = judge(
        tmp_path / "signed", "--anchor", tmp_path / "anchors", "--signers", tmp_path / "signers", "--signer", "operator"
    )
    assert code == 0, said
    assert "1 of them are anchored elsewhere.\nThe signature holds." in said
    assert (tmp_path / "anchors.sig").read_text().startswith("-----BEGIN SSH SIGNATURE-----")


def _edit(lines: list[dict[str, object]]) -> None:
    lines[9]["actor"] = "nobody"


def _delete(lines: list[dict[str, object]]) -> None:
    del lines[9]


def _swap(lines: list[dict[str, object]]) -> None:
    lines[9], lines[10] = lines[10], lines[9]


def _cut(lines: list[dict[str, object]]) -> None:
    del lines[9:]


def _reseal(lines: list[dict[str, object]]) -> None:
    lines[9]["hash"] = "00" * 32


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_edit, "Seal 9: what entry 9 says is not what was sealed."),
        (_delete, "Seal 9 is missing"),
        (_swap, "Seal 9 is missing"),
        (_cut, "The end is missing: seals 9 to"),
        (_reseal, "Seal 9: what entry 9 says is not what was sealed."),
    ],
)
def test_the_stand_alone_verifier_names_the_first_bad_line(
    sealed: DeskDatabase, tmp_path: Path, change: Callable[[list[dict[str, object]]], None], said: str
) -> None:
    file = tmp_path / "export"
    exported(sealed, file)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    change(lines)
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    code, answer = judge(file)
    assert (code, said in answer) == (1, True), answer


def test_a_signed_export_that_was_touched_or_signed_by_somebody_else_is_refused(
    sealed: DeskDatabase, tmp_path: Path, key: Path
) -> None:
    file = tmp_path / "export"
    exported(sealed, file, key)
    by = ("--signers", tmp_path / "signers", "--signer")
    assert judge(file, *by, "somebody")[0] == 1
    whole = file.read_text()
    file.write_text(whole.replace('"from": "2000', '"from": "2001', 1))
    assert "The signature does not hold" in judge(file, *by, "operator")[1]
    file.write_text("\n".join(whole.splitlines()[:-1]) + "\n")
    assert judge(file, *by, "operator") == (1, "It is not signed.\n")
    file.write_text("no export")
    assert judge(file)[0] == 2


def test_an_export_takes_what_was_sealed_in_the_time_and_never_writes_over(
    sealed: DeskDatabase, tmp_path: Path
) -> None:
    first = sealed.one("SELECT max(seq) FROM console_audit.seals")
    sealed.pass_time(days=400)
    start = sealed.one("SELECT console.now()")
    make_entries(sealed, 4)
    seal_all(sealed)
    conninfo = sealed.conninfo(AUDITOR)
    assert audit.export(conninfo, start, audit.instant("2100-01-01"), tmp_path / "part", None) == 4
    assert judge(tmp_path / "part")[1].startswith(f"Seals {first + 1} to {first + 4} hold")
    with pytest.raises(BadInput, match="is there already"):
        audit.export(conninfo, start, audit.instant("2100-01-01"), tmp_path / "part", None)
    assert (
        audit.export(conninfo, audit.instant("2000-01-01"), audit.instant("2000-01-02"), tmp_path / "none", None) == 0
    )
    assert judge(tmp_path / "none")[0] == 0
    with pytest.raises(SetupError, match="could not sign"):
        exported(sealed, tmp_path / "unsigned", tmp_path / "no-key")
    assert not (tmp_path / "unsigned").exists()


def test_the_command_line_verifies_anchors_and_names_what_is_broken(
    sealed: DeskDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dsn = ["--dsn", sealed.conninfo(AUDITOR)]
    anchors = str(tmp_path / "anchors")
    assert main(["audit", "verify", *dsn]) == 0
    assert "The audit is whole" in capsys.readouterr().out
    assert main(["audit", "anchor", "--to", anchors, *dsn]) == 0
    assert main(["audit", "verify", "--anchor", anchors, "--json", *dsn]) == 0
    assert main(["audit", "export", "--from", LONG[0], "--to", LONG[1], "--out", str(tmp_path / "e"), *dsn]) == 0
    capsys.readouterr()
    with covering_tracks(sealed) as conn:
        conn.execute("UPDATE console_audit.entries SET actor = 'nobody' WHERE id = 9")
    assert main(["audit", "verify", *dsn]) == 1
    assert "The audit is broken (edited) at seal 9, entry 9." in capsys.readouterr().out
    assert main(["audit", "verify", "--anchor", str(tmp_path / "none"), *dsn]) == 1
    assert main(["audit", "export", "--from", "yesterday", "--to", "x", "--out", "y", *dsn]) == 1
    assert "is no date" in capsys.readouterr().err


def test_an_export_that_ends_before_it_begins_is_refused(sealed: DeskDatabase, tmp_path: Path) -> None:
    for start, end in (LONG[::-1], (LONG[0], LONG[0])):
        with pytest.raises(BadInput, match="ends before it begins"):
            audit.export(sealed.conninfo(AUDITOR), audit.instant(start), audit.instant(end), tmp_path / "none", None)
    assert not list(tmp_path.glob("none*"))


def test_the_signature_of_an_anchor_file_is_checked_when_it_is_said_whose_it_has_to_be(
    sealed: DeskDatabase, tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, dsn = tmp_path / "anchors", ("--dsn", sealed.conninfo(AUDITOR))
    audit.anchor(sealed.conninfo(AUDITOR), file, None)
    verify = ["audit", "verify", *dsn, "--anchor", str(file), "--signers", str(tmp_path / "signers")]
    assert main([*verify, "--signer", "operator"]) != 0
    assert "is not signed" in capsys.readouterr().err
    sign_file(file, key)
    assert main([*verify, "--signer", "operator"]) == 0
    assert main([*verify, "--signer", "somebody"]) != 0
    assert main(verify) != 0
    assert "--signer NAME" in capsys.readouterr().err
    file.write_text(file.read_text() + " \n")
    assert main([*verify, "--signer", "operator"]) != 0
    assert "not that of operator" in capsys.readouterr().err


def test_an_anchor_file_that_contradicts_itself_is_told(sealed: DeskDatabase, tmp_path: Path) -> None:
    anchors = tmp_path / "anchors"
    for hash_ in ("00" * 32, "11" * 32):
        with anchors.open("a") as file:
            file.write(json.dumps({"seq": 3, "hash": hash_}) + "\n")
    with pytest.raises(BadInput, match="two different heads for seal 3"):
        audit.verify(sealed.conninfo(AUDITOR), False, anchors)
