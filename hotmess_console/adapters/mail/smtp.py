"""Letters over SMTP: correct MIME, one attempt, and an honest answer about how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from hotmess_console.services.sending import Attempt, Fate, Letter

TIMEOUT = 20.0


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
        """Hand one letter in. A connection broken before the letter was taken may be tried again; later, unknown."""
        import aiosmtplib

        try:
            message = compose(letter, self._server)
        except ValueError as error:
            return Attempt(Fate.REFUSED, words=f"This letter cannot be written: {error}")
        client = aiosmtplib.SMTP(
            hostname=self._server.host, port=self._server.port, start_tls=self._server.tls, timeout=TIMEOUT
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            return Attempt(Fate.UNREACHABLE, words=f"The mail server cannot be reached: {error}")
        try:
            _, answer = await client.send_message(message)
        except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPSenderRefused) as error:
            return Attempt(Fate.REFUSED, words=f"The mail server refused this address: {error}")
        except aiosmtplib.SMTPResponseException as error:
            fate = Fate.UNREACHABLE if 400 <= error.code < 500 else Fate.REFUSED
            return Attempt(fate, words=f"The mail server said {error.code}: {error.message}")
        except (aiosmtplib.SMTPException, OSError) as error:
            return Attempt(Fate.UNKNOWN, words=f"The connection broke while sending: {error}")
        finally:
            client.close()
        return Attempt(Fate.SENT, str(message["Message-ID"]), answer)


def compose(letter: Letter, server: SmtpServer) -> EmailMessage:
    """Return the letter as MIME: plain text, UTF-8, case number in the subject. Raises ValueError on bad headers."""
    message = EmailMessage(policy=SMTP)
    message["From"] = str(Address(server.from_name, addr_spec=server.from_address))
    message["To"] = str(Address(letter.to_name, addr_spec=letter.to_address))
    message["Subject"] = letter.subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(idstring=letter.message.hex, domain=server.from_address.rpartition("@")[2])
    message["Auto-Submitted"] = "no"
    if letter.reply_to:
        message["In-Reply-To"] = letter.reply_to
        message["References"] = letter.reply_to
    message.set_content(letter.body)
    for filename, media_type, content in letter.files:
        main, _, sub = media_type.partition("/")
        message.add_attachment(
            content, maintype=main or "application", subtype=sub or "octet-stream", filename=filename
        )
    return message
