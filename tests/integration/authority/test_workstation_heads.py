"""Sealing behind the window, and what a workstation remembers of it on disk."""

from __future__ import annotations

import asyncio
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from hotmess_console.adapters.store.audit import PostgresSeals, identity
from hotmess_console.adapters.workstation.heads import HeadFile
from hotmess_console.app.desk import desk
from hotmess_console.domain.audit import Head
from hotmess_console.domain.errors import SetupError
from hotmess_console.domain.events import Event, SealsSeen
from hotmess_console.services.console import Contact
from hotmess_console.services.sealing import EVERY_S, Sealer
from tests.desks import AGENT, AUDITOR, DeskDatabase, Seat
from tests.integration.authority.sealing import RECHAIN, covering_tracks, make_entries, seal_all

pytestmark = pytest.mark.authority


def sealer_of(seat: Seat, folder: Path) -> Sealer:
    """The sealer of one workstation, whose folder this is."""
    memory = HeadFile(identity(seat.db.conninfo()), folder)
    return Sealer(PostgresSeals(seat.engine), lambda _: None, memory)


def files_of(folder: Path) -> list[Path]:
    """What lies in a folder."""
    return list(folder.iterdir())


async def test_a_round_seals_all_that_waits_and_remembers_the_head_on_disk(
    desk_database: DeskDatabase, tmp_path: Path
) -> None:
    make_entries(desk_database, 3)
    async with desk_database.sit_down(AGENT) as seat:
        assert await sealer_of(seat, tmp_path).round() == SealsSeen(True)
    [row] = desk_database.rows("SELECT seq, hash FROM console_audit.seals ORDER BY seq DESC LIMIT 1")
    [file] = files_of(tmp_path)
    assert f'"seq": {row[0]}, "hash": "{bytes(row[1]).hex()}"' in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_second_workstation_notices_a_whole_new_chain_by_the_file_on_its_disk(
    desk_database: DeskDatabase, tmp_path: Path
) -> None:
    async with desk_database.sit_down(AGENT) as seat:
        for place in ("one", "two"):
            assert (await sealer_of(seat, tmp_path / place).round()).alarm == ""
        with covering_tracks(desk_database) as conn:
            conn.execute("UPDATE console_audit.entries SET actor = 'nobody' WHERE id = 5")
            conn.execute(RECHAIN)
        make_entries(desk_database, 2)
        (tmp_path / "one").rename(tmp_path / "lost")
        assert (await sealer_of(seat, tmp_path / "one").round()).alarm == ""
        remembered = [file.read_text() for file in (tmp_path / "two").iterdir()]
        for _ in range(2):
            assert "The audit was rewritten" in (await sealer_of(seat, tmp_path / "two").round()).alarm
        assert [file.read_text() for file in (tmp_path / "two").iterdir()] == remembered, "an alarm forgets nothing"


async def test_a_head_that_goes_back_raises_an_alarm(desk_database: DeskDatabase, tmp_path: Path) -> None:
    async with desk_database.sit_down(AGENT) as seat:
        await sealer_of(seat, tmp_path).round()
        with covering_tracks(desk_database) as conn:
            conn.execute("DELETE FROM console_audit.seals WHERE seq > 10")
            conn.execute("DELETE FROM console_audit.entries WHERE id NOT IN (SELECT entry_id FROM console_audit.seals)")
        assert "The audit went back" in (await sealer_of(seat, tmp_path).round()).alarm


async def test_when_the_newest_sealed_entry_is_gone_nothing_is_sealed_on_top(
    desk_database: DeskDatabase, tmp_path: Path
) -> None:
    head = seal_all(desk_database)
    with covering_tracks(desk_database) as conn:
        conn.execute(
            "DELETE FROM console_audit.entries WHERE id = (SELECT entry_id FROM console_audit.seals "
            "ORDER BY seq DESC LIMIT 1)"
        )
    make_entries(desk_database, 1)
    async with desk_database.sit_down(AGENT) as seat:
        seen = await sealer_of(seat, tmp_path).round()
    assert "the newest sealed entry of the audit is gone" in seen.trouble
    assert desk_database.one("SELECT max(seq) FROM console_audit.seals") == head


async def test_a_file_that_says_nothing_is_told_and_not_taken_for_the_first_time(
    desk_database: DeskDatabase, tmp_path: Path
) -> None:
    async with desk_database.sit_down(AGENT) as seat:
        await sealer_of(seat, tmp_path).round()
        [file] = files_of(tmp_path)
        file.write_text("{")
        seen = await sealer_of(seat, tmp_path).round()
        assert not seen.answered
        assert "remembers of the audit cannot be read" in seen.trouble
        assert file.read_text() == "{"


def test_each_server_and_database_has_a_file_of_its_own(tmp_path: Path) -> None:
    one = "host=db.example port=5432 dbname=desk user=a password=b"
    assert identity(one) == identity("host=db.example dbname=desk user=c") != identity("host=db.example dbname=other")
    HeadFile(identity(one), tmp_path).remember(Head(3, bytes(32)))
    assert HeadFile("elsewhere", tmp_path).newest() is None
    assert HeadFile(identity(one), tmp_path).newest() == Head(3, bytes(32))
    with pytest.raises(SetupError):
        HeadFile(identity(one), tmp_path / next(tmp_path.iterdir()).name).remember(Head(4, bytes(32)))


class Told:
    """Keeps what the desk tells."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def on_event(self, event: Event) -> None:
        self.events.append(event)

    def on_contact(self, contact: Contact) -> None:
        """Not looked at here."""

    def on_sending(self, trouble: str) -> None:
        """Not looked at here."""


@pytest.mark.parametrize("login", [AGENT, AUDITOR])
async def test_an_open_console_seals_within_five_seconds(
    desk_database: DeskDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    told = Told()
    console = await desk(desk_database.conninfo(login), profile="")(told)
    try:
        async with asyncio.timeout(4):
            while not any(isinstance(event, SealsSeen) for event in told.events):
                await asyncio.sleep(0.02)
    finally:
        await console.close()
    waiting = desk_database.one("SELECT waiting_since FROM console_audit.seal_state(0)")
    assert waiting is None
    assert timedelta(seconds=EVERY_S) < timedelta(seconds=5)
    assert len(list((tmp_path / "hotmess-console" / "audit-heads").iterdir())) == 1
