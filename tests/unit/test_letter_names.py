"""A stranger's name in the header of a letter."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import uuid4

import pytest

from hotmess_console.adapters.mail.letter import compose
from hotmess_console.domain.values import CaseId, MessageId
from hotmess_console.services.sending import Letter

pytestmark = pytest.mark.foundation


@pytest.mark.parametrize(
    "name",
    [
        r'<a href="\x0Bjavascript:javascript:alert(1)" id="fuzzelement1">test</a>',
        '"Ada, Countess" <someone@elsewhere.example>, ' * 6,
        "x" * 150 + ", victim@elsewhere.example",
    ],
)
def test_a_name_never_becomes_an_address(name: str) -> None:
    letter = Letter(
        MessageId(uuid4()), CaseId(uuid4()), "robin@example.org", name, "[HM-10001] Re: x", "Hello", (), 1, ""
    )
    sent = compose(letter, "support@hotmess.example", "HOTMESS Support", datetime(2026, 11, 23, tzinfo=UTC)).as_bytes()
    read = message_from_bytes(sent, policy=policy.default)
    assert [address.addr_spec for address in read["To"].addresses] == ["robin@example.org"]
