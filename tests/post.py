"""A mail server that does as a test says: takes letters, refuses them, or hangs up in the middle."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from hotmess_console.adapters.mail.local_server import on_a_free_port
from hotmess_console.adapters.mail.smtp import SmtpServer

Answer = str | None
"""What the server says: a line with its code, or None to hang up."""


class Post:
    """The letters so far, and how the server answers from now on."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.to_recipient: Answer = "250 OK"
        self.to_letter: Answer = "250 Kept"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Answer to an address."""
        if self.to_recipient and self.to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self._say(server, self.to_recipient)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Answer to a letter; it counts as arrived unless it was refused."""
        if self.to_letter is None or self.to_letter.startswith("2"):
            self.raw.append(envelope.content)
            self.letters.append(_parsed(envelope.content))
            self.recipients += envelope.rcpt_tos
        return self._say(server, self.to_letter)

    def _say(self, server: Any, answer: Answer) -> str:
        if answer is None:
            server.transport.abort()
            return "421 Gone"
        return answer


def _parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


@contextmanager
def open_post() -> Iterator[tuple[Post, SmtpServer]]:
    """A server on a free loopback port, and how to reach it."""
    post = Post()
    controller = on_a_free_port(post, "127.0.0.1")
    try:
        yield post, SmtpServer("127.0.0.1", controller.port, False, "support@hotmess.example", "HOTMESS Support")
    finally:
        controller.stop()
