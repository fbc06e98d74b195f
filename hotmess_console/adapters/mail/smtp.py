"""Letters over SMTP: one attempt, step by step, and an honest answer about how it ended."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hotmess_console.adapters.mail.letter import compose, plain_address
from hotmess_console.services.sending import Attempt, Fate, Letter

if TYPE_CHECKING:
    import aiosmtplib

TIMEOUT = 20.0
"""Seconds that one step may take."""
LONGEST = 75.0
"""Seconds that the whole attempt may take: less than the time after which a claim counts as abandoned."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed in, and whom they come from."""

    host: str
    port: int
    tls: bool
    from_address: str
    from_name: str


class SmtpMailer:
    """`Mailer` over one SMTP server."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def send(self, letter: Letter) -> Attempt:
        """Hand one letter in. What broke before the text was handed over may be tried again; from then on, unknown."""
        try:
            message = compose(letter, self._server.from_address, self._server.from_name, datetime.now(UTC))
            to_address = plain_address(letter.to_address)
        except ValueError as error:
            return Attempt(Fate.REFUSED, words=f"This letter cannot be written: {error}")
        handing = _Handing(self._server, to_address)
        try:
            async with asyncio.timeout(LONGEST):
                answer = await handing.over(message.as_bytes())
        except TimeoutError:
            return handing.broken("it took too long")
        finally:
            handing.close()
        return Attempt(Fate.SENT, str(message["Message-ID"]), answer.words) if answer.fate is Fate.SENT else answer


class _Handing:
    """One connection and how far it came."""

    def __init__(self, server: SmtpServer, to_address: str) -> None:
        import aiosmtplib

        self._server = server
        self._to = to_address
        self._handed_over = False
        self._client: aiosmtplib.SMTP = aiosmtplib.SMTP(
            hostname=server.host, port=server.port, start_tls=server.tls, timeout=TIMEOUT
        )

    async def over(self, content: bytes) -> Attempt:
        """Hand the text over; return how that ended."""
        import aiosmtplib

        try:
            await self._client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            return self.broken(str(error) or type(error).__name__)
        try:
            await self._client.mail(plain_address(self._server.from_address))
            await self._client.rcpt(self._to)
            self._handed_over = True
            answer = await self._client.data(content)
        except aiosmtplib.SMTPResponseException as error:
            # an answer is an answer, even to the text: the server said that it did not take it
            fate = Fate.REFUSED if 500 <= error.code < 600 else Fate.UNREACHABLE
            if self._handed_over and not 400 <= error.code < 600:
                fate = Fate.UNKNOWN
            return Attempt(fate, words=f"The mail server said {error.code}: {error.message}")
        except (aiosmtplib.SMTPException, OSError) as error:
            return self.broken(str(error) or type(error).__name__)
        return Attempt(Fate.SENT, words=f"{answer.code} {answer.message}")

    def broken(self, why: str) -> Attempt:
        """Return the fate of a letter whose connection broke off."""
        if self._handed_over:
            return Attempt(Fate.UNKNOWN, words=f"The connection broke while sending: {why}")
        return Attempt(Fate.UNREACHABLE, words=f"The mail server cannot be reached: {why}")

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()
