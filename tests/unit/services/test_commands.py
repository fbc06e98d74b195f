"""What every command says of itself, and what is recorded of it."""

from __future__ import annotations

import json
import pkgutil
from dataclasses import fields
from importlib import import_module
from inspect import isabstract
from pathlib import Path

import pytest

import hotmess_console.services
from hotmess_console.domain.cases import CaseRef
from hotmess_console.domain.policy import offline
from hotmess_console.domain.values import CaseId, CommandId, Level, Offline, Permission
from hotmess_console.services.bus import Command, command_kinds, command_named
from hotmess_console.services.ids import new_id, part_of
from hotmess_console.services.replies import AddNote, File, Reply
from hotmess_console.services.support import Claim, Escalate

pytestmark = pytest.mark.foundation

for module in pkgutil.walk_packages([str(Path(hotmess_console.services.__file__).parent)], "hotmess_console.services."):
    import_module(module.name)
KINDS = sorted((kind for kind in command_kinds() if not isabstract(kind)), key=lambda kind: kind.name)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_command_says_what_it_needs_and_whether_it_can_be_taken_back(kind: type[Command]) -> None:
    assert isinstance(kind.permission, Permission)
    assert isinstance(kind.offline, Offline)
    assert kind.undoable or kind.why_final.endswith("."), "a final command says why"
    assert not (kind.undoable and kind.why_final)
    assert kind.__doc__


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_command_has_the_offline_class_of_the_policy(kind: type[Command]) -> None:
    assert kind.offline is offline.class_of(kind.name)


def test_names_are_spelt_alike_and_no_two_commands_share_one() -> None:
    names = [kind.name for kind in KINDS]
    assert len(names) == len(set(names)) > 20
    for name in names:
        area, _, verb = name.partition(".")
        assert f"{area}{verb}".replace("_", "").isalpha(), name
        assert name == name.lower()


def test_the_policy_lists_no_command_that_does_not_exist() -> None:
    assert set(offline.CLASS_OF) <= {kind.name for kind in KINDS}


def test_a_command_is_found_by_its_name() -> None:
    assert command_named("ticket.claim") is Claim
    assert command_named("ticket.fly") is None


REF = CaseRef(CaseId(new_id()), 3)


def test_what_was_written_to_somebody_is_recorded_as_a_digest_however_short() -> None:
    reply = Reply(case=REF, body="Hi Ada", files=(File("ada.png", "image/png", b"x"),))
    note = AddNote(case=REF.id, body="Hi")
    for command in (reply, note):
        recorded = json.dumps(command.params())
        assert "Hi" not in recorded
        assert "ada" not in recorded
        assert "sha256:" in recorded
    assert reply.params()["case"] == [str(REF.id), 3]


def test_a_reason_is_recorded_in_full() -> None:
    reason = "x" * 900
    escalate = Escalate(cases=(REF,), to=Level.SENIOR, criterion="legal", reason=reason)
    assert escalate.params()["reason"] == reason


def test_a_digest_tells_apart_what_was_asked_for_but_not_who_asks_again() -> None:
    id = CommandId(new_id())
    first = Reply(id=id, case=REF, body="Hello")
    assert first.digest() == Reply(case=REF, body="Hello").digest()
    others = [
        Reply(id=id, case=REF, body="Hello!"),
        Reply(id=id, case=CaseRef(REF.id, 4), body="Hello"),
        Reply(id=id, case=REF, body="Hello", files=(File("a", "b", b"c"),)),
        AddNote(id=id, case=REF.id, body="Hello"),
    ]
    assert len({first.digest(), *(other.digest() for other in others)}) == 5


def test_half_a_sign_can_be_recorded_as_well() -> None:
    assert len(Reply(case=REF, body="\ud83d").digest()) == 32


def test_every_parameter_can_be_said_in_json() -> None:
    for command in (
        Claim(cases=(REF,)),
        Reply(case=REF, body="x" * 500),
        Escalate(cases=(), to=Level(2), criterion="", reason=""),
    ):
        names = {f.name for f in fields(command)} - {"id"}
        assert set(json.loads(json.dumps(command.params()))) == names


def test_ids_sort_by_their_moment_and_parts_are_the_same_at_every_retry() -> None:
    ids = [new_id() for _ in range(200)]
    assert len(set(ids)) == 200
    assert all(id.version == 7 for id in ids)
    millis = [id.int >> 80 for id in ids]
    assert millis == sorted(millis)
    assert part_of(ids[0], "reply") == part_of(ids[0], "reply") != part_of(ids[1], "reply")
