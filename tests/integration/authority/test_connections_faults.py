"""What is wrong with a connection, each fault made for real and named in plain words with what to do."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotmess_console.adapters.store.connecting import Tried, try_connection
from hotmess_console.app.doctor import Finding, examine
from hotmess_console.domain.connections import Mode
from hotmess_console.domain.policy.connection_faults import Fault
from tests.desks import AGENT, OTHER_AGENT, DeskDatabase, bare, password_of
from tests.poolers import NAME, Gate, SecureServer, free_port, make_authority, pooler

pytestmark = pytest.mark.authority


def tried(gate: Gate, database: DeskDatabase, mode: Mode = Mode.DIRECT, **more: str) -> Tried:
    """Try to get in as an agent, in a way that `more` may spoil."""
    login, password = more.pop("user", AGENT), more.pop("password", password_of(AGENT))
    return try_connection(gate.conninfo(more.pop("dbname", database.name), login, password, **more), mode)


def assert_told(found: Tried, fault: Fault, *words: str) -> None:
    """It is that fault, told in words that a person can act on."""
    assert found.fault is fault, found
    assert all(word in f"{found.words} {found.hint}" for word in words), found
    assert found.words.endswith(".")
    assert len(found.hint) > 15
    assert password_of(AGENT) not in repr(found)


@pytest.mark.parametrize("mode", list(Mode))
def test_what_works_says_so_in_every_mode(tls_server: SecureServer, tls_desk: DeskDatabase, mode: Mode) -> None:
    if mode is Mode.DIRECT:
        found = tried(tls_server.gate, tls_desk, mode)
    else:
        with pooler(tls_server, str(mode)) as gate:
            found = tried(gate, tls_desk, mode)
    assert found.fault is None, found
    assert ("every second" in found.words) is (mode is Mode.TRANSACTION)


def test_a_name_that_nobody_knows() -> None:
    """The address is left to the resolver; names below .invalid never resolve."""
    ca = Path(__file__)  # any file that can be read: it does not come so far
    found = try_connection(f"host=db.nowhere.invalid dbname=x user=y sslrootcert='{ca}'")
    assert_told(found, Fault.NO_NAME, "db.nowhere.invalid", "IPv6")


def test_a_port_where_nothing_listens(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    port = str(free_port())
    assert_told(tried(tls_server.gate, tls_desk, port=port), Fault.REFUSED, NAME, port)


@pytest.fixture
def silence() -> Iterator[int]:
    """Something that takes a connection and never says a word."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        yield deaf.getsockname()[1]


def test_a_server_that_says_nothing(tls_server: SecureServer, tls_desk: DeskDatabase, silence: int) -> None:
    conninfo = tls_server.gate.conninfo(tls_desk.name, AGENT, password_of(AGENT), port=str(silence))
    assert_told(try_connection(conninfo, patience_s=0.2), Fault.SILENT, NAME, "firewall")


def test_a_server_without_tls(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    with pooler(tls_server, "session", tls=False) as gate:
        assert_told(tried(gate, tls_desk), Fault.NO_TLS, NAME, "Nothing was sent")


def test_a_certificate_for_another_name(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    found = tried(tls_server.gate, tls_desk, host="another.console.test")
    assert_told(found, Fault.OTHER_NAME, "another.console.test", "somebody in between")


def test_an_authority_that_is_not_the_one_in_the_file(
    tls_server: SecureServer, tls_desk: DeskDatabase, tmp_path: Path
) -> None:
    other = make_authority(tmp_path / "other")
    found = tried(tls_server.gate, tls_desk, sslrootcert=str(other.file))
    assert_told(found, Fault.UNKNOWN_AUTHORITY, "sslrootcert=")


def test_a_file_that_holds_no_certificate(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    found = tried(tls_server.gate, tls_desk, sslrootcert=__file__)
    assert_told(found, Fault.NO_CA_FILE, Path(__file__).name)


def test_a_file_that_is_not_there(tls_server: SecureServer, tls_desk: DeskDatabase, tmp_path: Path) -> None:
    found = tried(tls_server.gate, tls_desk, sslrootcert=str(tmp_path / "gone.crt"))
    assert_told(found, Fault.NO_CA_FILE, "gone.crt")


def test_a_certificate_that_has_expired(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    old = tls_server.authority.certify("expired", days=-2)
    with pooler(tls_server, "session", certificate=old) as gate:
        assert_told(tried(gate, tls_desk), Fault.EXPIRED, "date", "renew")


def test_a_connection_that_proves_nothing(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    assert_told(tried(tls_server.gate, tls_desk, sslmode="require"), Fault.WEAK, "sslmode=require", "verify-full")


def test_a_wrong_password(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    assert_told(tried(tls_server.gate, tls_desk, password="wrong"), Fault.PASSWORD, AGENT, "28P01")
    with pooler(tls_server, "session") as gate:
        assert_told(tried(gate, tls_desk, password="wrong"), Fault.PASSWORD, AGENT, "28P01")


def test_no_password_at_all(tls_server: SecureServer, tls_desk: DeskDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tls_server.folder))
    assert_told(tried(tls_server.gate, tls_desk, password=""), Fault.PASSWORD, AGENT)


def test_a_pooler_that_does_not_know_the_login(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    with pooler(tls_server, "session") as gate:
        assert_told(tried(gate, tls_desk, user="nobody_here"), Fault.UNKNOWN_TO_POOLER, "nobody_here", "role.project")


def test_a_pooler_that_goes_on_as_somebody_else(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    known, somebody = ((login, password_of(login)) for login in (AGENT, OTHER_AGENT))
    with pooler(tls_server, "session", as_login=somebody, known=[known]) as gate:
        assert_told(tried(gate, tls_desk), Fault.OTHER_LOGIN, OTHER_AGENT, "somebody else")


def test_a_database_that_does_not_exist(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    assert_told(tried(tls_server.gate, tls_desk, dbname="not_there"), Fault.NO_DATABASE, "not_there", "dbname=")


def test_a_database_without_a_console(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    with bare(tls_server.server) as empty:
        assert_told(tried(tls_server.gate, tls_desk, dbname=empty.name), Fault.NOT_INSTALLED, empty.name, "db install")


@pytest.mark.parametrize("declared", [Mode.DIRECT, Mode.SESSION])
def test_a_transaction_pooler_that_was_declared_as_something_else(
    tls_server: SecureServer, tls_desk: DeskDatabase, declared: Mode
) -> None:
    with pooler(tls_server, "transaction") as gate:
        found = tried(gate, tls_desk, declared)
    assert_told(found, Fault.CANNOT_LISTEN, "--mode transaction")


def connection(findings: list[Finding]) -> Finding:
    """The doctor's line about it."""
    [line] = [each for each in findings if each.what == "Connection"]
    return line


def test_the_doctor_says_the_same_and_looks_no_further(
    tls_server: SecureServer, tls_desk: DeskDatabase, tmp_path: Path
) -> None:
    wrong = tls_server.gate.conninfo(tls_desk.name, AGENT, "wrong")
    findings = examine(dsn=wrong, folder=tmp_path / "demo")
    line = connection(findings)
    assert (line.ok, "28P01" in line.words, "ask a manager" in line.hint) == (False, True, True)
    assert "Installation" not in [each.what for each in findings]
    server = tls_server.server
    findings = examine(
        dsn=tls_server.gate.conninfo(tls_desk.name, server.user, server.password), folder=tmp_path / "demo"
    )
    assert connection(findings).ok
    assert "Installation" in [each.what for each in findings]


def test_the_doctor_takes_the_declared_mode(tls_server: SecureServer, tls_desk: DeskDatabase, tmp_path: Path) -> None:
    with pooler(tls_server, "transaction") as gate:
        conninfo = gate.conninfo(tls_desk.name, AGENT, password_of(AGENT))
        assert not connection(examine(dsn=conninfo, folder=tmp_path / "demo")).ok
        assert connection(examine(dsn=conninfo, folder=tmp_path / "demo", mode=Mode.TRANSACTION)).ok
