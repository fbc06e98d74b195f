"""What becomes of commands that were given without a connection."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest

from hotmess_console.domain.policy.offline import CLASS_OF, Replay, class_of, replay
from hotmess_console.domain.values import Offline
from hotmess_console.services.bus import Command

pytestmark = pytest.mark.foundation

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("command", ["note.add", "ticket.claim"])
def test_notes_and_claims_are_done_however_old(command: str) -> None:
    assert replay(class_of(command), timedelta(days=3), same_meaning=False) is Replay.APPLY


@pytest.mark.parametrize("command", ["ticket.reply", "ticket.resolve"])
def test_a_reply_is_sent_by_itself_only_while_fresh_and_unchanged_in_meaning(command: str) -> None:
    assert replay(class_of(command), 15 * MINUTE, same_meaning=True) is Replay.APPLY
    assert replay(class_of(command), 15 * MINUTE + timedelta(seconds=1), same_meaning=True) is Replay.ASK
    assert replay(class_of(command), MINUTE, same_meaning=False) is Replay.ASK


def test_a_command_from_the_future_is_looked_at_by_a_person() -> None:
    assert replay(Offline.RE_CHECKED, -MINUTE, same_meaning=True) is Replay.ASK


@pytest.mark.parametrize("command", ["account.ban", "account.suspend", "refund.pay", "settings.change", "ticket.merge"])
def test_grave_and_unknown_commands_are_never_kept(command: str) -> None:
    assert class_of(command) is Offline.NEVER
    assert replay(class_of(command), timedelta(0), same_meaning=True) is Replay.REFUSE


def commands() -> list[type[Command]]:
    found: list[type[Command]] = list(Command.__subclasses__())
    for kind in found:
        found.extend(kind.__subclasses__())
    return found


def test_each_ticket_command_carries_the_class_that_the_policy_gives_it() -> None:
    for area in ("support", "replies", "undo"):
        import_module(f"hotmess_console.services.{area}")
    carried = {kind.name: kind.offline for kind in commands() if hasattr(kind, "name")}
    assert len(carried) >= 15
    assert {name: kind for name, kind in carried.items() if name in CLASS_OF} == {
        name: kind for name, kind in CLASS_OF.items() if name in carried
    }
    assert set(CLASS_OF) <= set(carried)
