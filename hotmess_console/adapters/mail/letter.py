"""A letter as MIME: plain text, no header that a stranger's words could end or add to."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from hotmess_console.domain.templates import one_line
from hotmess_console.services.sending import Letter

_POLICY = SMTP.clone(cte_type="7bit")
"""Every server takes seven bits; the rest is encoded."""
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,50}/[a-z0-9.+-]{1,50}")
_LONGEST_NAME = 80


def plain_address(address: str) -> str:
    """Return an address as it is sent to, its host in ASCII. Raises ValueError for what is none."""
    local, at, host = address.strip().rpartition("@")
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_host = ""
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if not at or dots or not _LOCAL.fullmatch(local) or not _HOST.fullmatch(ascii_host):
        raise ValueError("this is no address that letters can be sent to")
    return f"{local}@{ascii_host}"


def message_id(letter: Letter, from_address: str) -> str:
    """Return the letter's Message-ID, the same at every attempt, so that a second copy can be told as one."""
    return f"<{letter.message}@{from_address.rpartition('@')[2]}>"


_MEANINGFUL = str.maketrans("", "", '()<>@,;:\\".[]')


def compose(letter: Letter, from_address: str, from_name: str, at: datetime) -> EmailMessage:
    """Return the letter, dated `at` (aware). Raises ValueError when its address is none."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = str(Address(one_line(from_name), addr_spec=plain_address(from_address)))
    # a long header is folded without its quotes, so a name may hold nothing that means something in an address
    name = _words(letter.to_name).translate(_MEANINGFUL)[:_LONGEST_NAME].strip()
    message["To"] = str(Address(name, addr_spec=plain_address(letter.to_address)))
    message["Subject"] = _words(letter.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(letter, from_address)
    message["Auto-Submitted"] = "auto-replied" if letter.automatic else "no"
    if letter.reply_to:
        message["In-Reply-To"] = one_line(letter.reply_to)
        message["References"] = one_line(letter.reply_to)
    message.set_content(letter.body.encode("utf-8", "replace").decode("utf-8"))
    for filename, media_type, content in letter.files:
        known = media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"
        main, _, sub = known.partition("/")
        if main in ("text", "message", "multipart"):  # kept byte for byte, never taken for a part of the letter
            main, sub = "application", "octet-stream"
        message.add_attachment(content, maintype=main, subtype=sub, filename=one_line(filename) or "file")
    return message


def _words(text: str) -> str:
    """Return a stranger's words for a header; what looks like encoded words would be decoded, line breaks and all."""
    return one_line(text).replace("=?", "= ?")
