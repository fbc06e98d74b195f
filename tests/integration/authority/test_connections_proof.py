"""No way round the proof of the server: not by modes, lists, addresses, services, files or variables."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from hotmess_console.adapters.store.changes import Changes
from hotmess_console.adapters.store.dsn import completed, secured
from hotmess_console.adapters.store.engine import open_engine
from hotmess_console.adapters.store.install import check, install
from hotmess_console.cli import main
from hotmess_console.domain.connections import Mode
from hotmess_console.domain.errors import BadInput, Unreachable
from tests.desks import AGENT, DeskDatabase, password_of
from tests.poolers import SecureServer, make_authority, pooler

pytestmark = pytest.mark.authority

FAR = "host=db.example.org dbname=x user=y"
WEAK = (
    "sslmode=disable",
    "sslmode=allow",
    "sslmode=prefer",
    "sslmode=require",
    "sslmode=verify-ca",
    "sslmode=verify-full",
    "sslmode=verify-full sslrootcert=system",
    "",
)


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    """A file that might be an authority's."""
    made = tmp_path / "our ca.crt"
    made.write_text("-----BEGIN CERTIFICATE-----\n")
    return made


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without anything of libpq's, and a home without its files."""
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGSSLMODE", "PGSSLROOTCERT", "PGPASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return monkeypatch


@pytest.mark.parametrize("weak", WEAK)
def test_weaker_connections_off_this_machine_are_refused_before_anything_is_asked(weak: str) -> None:
    def ask(_prompt: str) -> str:
        raise AssertionError("a password was asked for")

    for attempt in (secured, open_engine, check, install, lambda dsn: completed(dsn, ask=ask)):
        with pytest.raises(BadInput) as refused:
            attempt(f"{FAR} {weak}")
        assert "sslrootcert=FILE" in refused.value.hint


async def test_the_listener_asks_for_the_same_proof() -> None:
    with pytest.raises(BadInput):
        await Changes(FAR, tell=lambda _: None, contact=lambda _: None).run()


def test_the_same_is_refused_as_an_address_of_the_web() -> None:
    with pytest.raises(BadInput, match="sslmode=require"):
        secured("postgresql://y:secret@db.example.org:6543/x?sslmode=require")


def test_the_command_line_says_so_in_two_lines_and_names_no_password(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--dsn", f"{FAR} password=hidden-here sslmode=require"]) == 1
    said = capsys.readouterr().err
    assert "sslmode=require" in said
    assert len(said.splitlines()) == 2
    assert "hidden-here" not in said


@pytest.mark.parametrize(
    "places",
    [
        "host=localhost,db.example.org",
        "host=/run/postgresql,db.example.org port=5432,6543",
        "host=localhost hostaddr=203.0.113.7",
        "host=db.example.org hostaddr=127.0.0.1",
        "hostaddr=203.0.113.7",
        "host=localhost,localhost hostaddr=127.0.0.1,203.0.113.7",
    ],
)
def test_one_place_off_this_machine_is_enough(places: str, ca: Path) -> None:
    with pytest.raises(BadInput):
        secured(f"{places} dbname=x sslmode=prefer")
    known = conninfo_to_dict(secured(f"{places} dbname=x sslrootcert='{ca}'"))
    assert (known["sslmode"], known["gssencmode"]) == ("verify-full", "disable")


@pytest.mark.parametrize("name", ["PGHOST", "PGHOSTADDR"])
def test_a_variable_that_leads_off_this_machine_is_seen(name: str, clean: pytest.MonkeyPatch) -> None:
    assert secured("dbname=x user=y")
    clean.setenv(name, "203.0.113.7")
    with pytest.raises(BadInput, match=r"203\.0\.113\.7"):
        secured("dbname=x user=y")


def test_an_address_in_the_environment_does_not_pass_for_localhost(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("PGHOSTADDR", "203.0.113.7")
    with pytest.raises(BadInput, match=r"203\.0\.113\.7"):
        secured("host=localhost dbname=x")


def test_a_service_in_the_string_is_refused_and_one_in_the_environment_is_seen(
    clean: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services = tmp_path / "services"
    services.write_text("[weak]\nhost=db.example.org\nsslmode=disable\n")
    clean.setenv("PGSERVICEFILE", str(services))
    with pytest.raises(BadInput, match="service “weak”"):
        secured("service=weak dbname=x")
    clean.setenv("PGSERVICE", "weak")
    with pytest.raises(BadInput, match=r"db\.example\.org"):
        secured("dbname=x")


def test_no_variable_and_no_service_weakens_what_was_written_out(
    clean: pytest.MonkeyPatch, tls_server: SecureServer, tls_desk: DeskDatabase, tmp_path: Path
) -> None:
    """Shown on a real server: its certificate is for another name, and every variable says that this is all right."""
    services = tmp_path / "services"
    services.write_text("[weak]\nsslmode=disable\ngssencmode=prefer\nssl_min_protocol_version=TLSv1\n")
    weak = {
        "PGSERVICEFILE": str(services), "PGSERVICE": "weak", "PGSSLMODE": "disable", "PGREQUIRESSL": "0",
        "PGGSSENCMODE": "prefer", "PGSSLROOTCERT": "system", "PGSSLMINPROTOCOLVERSION": "TLSv1", "PGSSLSNI": "0",
    }  # fmt: skip
    gate, server, login = tls_server.gate, tls_server.server, (AGENT, password_of(AGENT))
    stranger = str(make_authority(tmp_path / "other").file)
    with clean.context() as environment:
        for name, value in weak.items():
            environment.setenv(name, value)
        for more in ({"host": "another.console.test"}, {"sslrootcert": stranger}):
            with pytest.raises(Unreachable):
                check(gate.conninfo(tls_desk.name, *login, **more))
        assert check(gate.conninfo(tls_desk.name, server.user, server.password)).revision


def test_without_sslmode_it_is_verify_full_that_is_done(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    known = conninfo_to_dict(tls_server.gate.conninfo(tls_desk.name, AGENT, password_of(AGENT)))
    del known["sslmode"]
    known["host"] = "another.console.test"
    with pytest.raises(Unreachable):
        check(" ".join(f"{name}='{value}'" for name, value in known.items()))


def test_the_authoritys_file_must_be_there_and_readable(tmp_path: Path, ca: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.crt") as refused:
        secured(f"{FAR} sslrootcert={tmp_path}/gone.crt")
    assert "sslrootcert=" in refused.value.hint
    with pytest.raises(BadInput, match="cannot be read"):
        secured(f"{FAR} sslrootcert={tmp_path}")
    assert conninfo_to_dict(secured(f"{FAR} sslrootcert='{ca}'"))["sslrootcert"] == str(ca)


@pytest.mark.parametrize(
    "dsn", ["host=/run/postgresql dbname=x", "host=127.0.0.1 dbname=x sslmode=disable", "dbname=x"]
)
def test_on_this_machine_everything_stays_as_it_was_written(dsn: str, clean: pytest.MonkeyPatch) -> None:
    assert conninfo_to_dict(secured(dsn)).items() >= conninfo_to_dict(dsn).items()
    assert "gssencmode" not in conninfo_to_dict(secured(dsn))


async def test_an_engine_takes_the_proof_along(tls_server: SecureServer, tls_desk: DeskDatabase) -> None:
    """A pooler whose certificate is for another name is not spoken to, by no mode."""
    wrong = tls_server.authority.certify("wrong-name", "another.console.test")
    with pooler(tls_server, "transaction", certificate=wrong) as gate:
        for mode in Mode:
            engine = open_engine(gate.conninfo(tls_desk.name, AGENT, password_of(AGENT)), mode=mode)
            with pytest.raises(Exception, match="does not match host name"):
                async with engine.connect():
                    pass
            await engine.dispose()
