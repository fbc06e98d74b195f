"""Letters over a real SMTP server: what arrives, and how each way of failing is told."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

import pytest

from hotmess_console.adapters.mail.local_server import LocalMailServer
from hotmess_console.adapters.mail.smtp import SmtpMailer, SmtpServer
from hotmess_console.domain.values import CaseId, MessageId
from hotmess_console.services.sending import Fate, Letter
from tests.post import open_post

pytestmark = pytest.mark.foundation


def a_letter(**values: object) -> Letter:
    """A letter of a case, with some of its parts replaced."""
    letter = Letter(
        MessageId(uuid4()),
        CaseId(uuid4()),
        "ada@example.org",
        "Ada Lovelace",
        "[HM-10001] Re: Charged twice",
        "Hi Ada,\n\nall is well.\n",
        (),
        1,
        "",
    )
    return dataclasses.replace(letter, **values)  # type: ignore[arg-type]


async def test_a_letter_arrives_with_its_subject_id_names_and_words() -> None:
    body = "Zoë, señor, 你好, שלום 👋🏽\n.\n..two dots\nFrom here on\n" + "x" * 3000
    letter = a_letter(body=body, reply_to="<before@hotmess.example>")
    with open_post() as (post, server):
        attempt = await SmtpMailer(server).send(letter)
    assert attempt.fate is Fate.SENT
    [arrived] = post.letters
    assert arrived["Subject"] == "[HM-10001] Re: Charged twice"
    assert arrived["From"] == "HOTMESS Support <support@hotmess.example>"
    assert arrived["To"] == "Ada Lovelace <ada@example.org>"
    assert arrived["Message-ID"] == attempt.provider_id == f"<{letter.message}@hotmess.example>"
    assert arrived["In-Reply-To"] == "<before@hotmess.example>"
    assert arrived["Auto-Submitted"] == "no"
    assert arrived.get_content_charset() == "utf-8"
    assert arrived.get_content().replace("\r\n", "\n") == f"{body}\n"
    assert post.recipients == ["ada@example.org"]


async def test_a_letter_has_seven_bits_only_so_that_every_server_takes_it() -> None:
    with open_post() as (post, server):
        await SmtpMailer(server).send(a_letter(body="Ünïcödé", subject="[HM-1] Re: Größe", to_name="Zoë"))
    assert post.raw[0].isascii()
    assert post.letters[0]["Subject"] == "[HM-1] Re: Größe"
    assert post.letters[0]["To"] == "Zoë <ada@example.org>"


async def test_a_confirmation_that_nobody_wrote_says_so_to_robots() -> None:
    with open_post() as (post, server):
        await SmtpMailer(server).send(a_letter(automatic=True))
    assert post.letters[0]["Auto-Submitted"] == "auto-replied"


async def test_a_second_attempt_carries_the_same_message_id() -> None:
    letter = a_letter()
    with open_post() as (post, server):
        for _ in range(2):
            await SmtpMailer(server).send(letter)
    assert len({arrived["Message-ID"] for arrived in post.letters}) == 1


async def test_files_arrive_byte_for_byte_whatever_they_claim_to_be() -> None:
    files = (
        ("a.png", "image/png", b"\x89PNG\r\n\x00"),
        ("mail.eml", "message/rfc822", b"From: x\n\nhello"),
        ("words.txt", "text/plain; x\r\nBcc: y@example.org", b"caf\xe9"),
        ("na\r\nme\u202egnp.exe", "", b""),
    )
    with open_post() as (post, server):
        assert (await SmtpMailer(server).send(a_letter(files=files))).fate is Fate.SENT
    attached = list(post.letters[0].iter_attachments())
    assert [part.get_content() for part in attached] == [content for _, _, content in files]
    assert [part.get_filename() for part in attached] == ["a.png", "mail.eml", "words.txt", "na megnp.exe"]
    assert post.letters[0]["Bcc"] is None


NAUGHTY = [
    "Bcc: everyone@example.org",
    "\r\nBcc: everyone@example.org\r\n\r\nother words",
    "\nX-Evil: 1",
    "a\x00b\x0bc\x0cd\x1be",
    '"quoted" <other@example.org>, third@example.org',
    "=?utf-8?q?=0D=0ABcc:_everyone=40example.org?=",
    "\u2028Bcc: x@example.org\u2029\x85",
    "\u202eевгений\u200b",
    "," * 500,
    "é" * 5000,
    "   ",
    "",
    "%s %(x)s {0} ; -- '",
    "\ud83d half",
]


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
async def test_no_word_of_a_stranger_becomes_a_header_or_an_address(text: str) -> None:
    with open_post() as (post, server):
        attempt = await SmtpMailer(server).send(a_letter(subject=f"[HM-1] Re: {text}", to_name=text, body=text))
    assert attempt.fate is Fate.SENT, attempt.words
    [arrived] = post.letters
    assert sorted(name.lower() for name in arrived.keys()) == [  # noqa: SIM118
        "auto-submitted",
        "content-transfer-encoding",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "subject",
        "to",
    ]
    assert [address.addr_spec for address in arrived["To"].addresses] == ["ada@example.org"]
    assert post.recipients == ["ada@example.org"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "ada",
        "ada@",
        "@example.org",
        "ada@exa mple.org",
        "ada@example.org\r\nRCPT TO:<x@example.org>",
        "ada@example.org, bob@example.org",
        "<ada@example.org>",
        "ada..b@example.org",
        ".ada@example.org",
        '"a b"@example.org',
        "ada@[127.0.0.1]",
        "ädä@example.org",
        "a@b@example.org",
        "ada@" + "x" * 64 + ".org",
        "ada@-",
        "ada@.org",
        "x" * 65 + "@example.org",
        "\x00@example.org",
        "ada@example..org",
    ],
)
async def test_what_is_no_address_is_refused_before_anybody_is_called(address: str) -> None:
    with open_post() as (post, server):
        attempt = await SmtpMailer(server).send(a_letter(to_address=address))
    assert attempt.fate is Fate.REFUSED
    assert "no address" in attempt.words
    assert post.recipients == []


async def test_a_host_in_another_script_is_written_to_by_its_ascii_name() -> None:
    with open_post() as (post, server):
        attempt = await SmtpMailer(server).send(a_letter(to_address="ada@bücher.example"))
    assert attempt.fate is Fate.SENT
    assert post.recipients == ["ada@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    ("to_recipient", "to_letter", "fate"),
    [
        ("450 Greylisted, come back", "250 Kept", Fate.UNREACHABLE),
        ("550 No such person", "250 Kept", Fate.REFUSED),
        ("250 OK", "451 Not now", Fate.UNREACHABLE),
        ("250 OK", "554 We do not like this", Fate.REFUSED),
        (None, "250 Kept", Fate.UNREACHABLE),
        ("250 OK", None, Fate.UNKNOWN),
    ],
    ids=["later, address", "never, address", "later, text", "never, text", "hung up early", "hung up after the text"],
)
async def test_each_answer_has_its_fate(to_recipient: str | None, to_letter: str | None, fate: Fate) -> None:
    with open_post() as (post, server):
        post.to_recipient, post.to_letter = to_recipient, to_letter
        attempt = await SmtpMailer(server).send(a_letter())
    assert attempt.fate is fate, attempt.words
    assert attempt.words
    assert attempt.provider_id == ""


async def test_a_server_that_is_not_there_can_be_tried_again() -> None:
    with open_post() as (_, server):
        pass
    attempt = await SmtpMailer(server).send(a_letter())
    assert attempt.fate is Fate.UNREACHABLE
    assert "cannot be reached" in attempt.words


async def test_a_server_without_encryption_gets_nothing_where_encryption_is_wanted() -> None:
    with open_post() as (post, server):
        wanted = SmtpServer(server.host, server.port, True, server.from_address, server.from_name)
        attempt = await SmtpMailer(wanted).send(a_letter())
    assert attempt.fate is Fate.UNREACHABLE
    assert post.letters == []


async def test_the_demos_own_server_keeps_letters_in_their_order(tmp_path_factory: pytest.TempPathFactory) -> None:
    server = LocalMailServer(tmp_path_factory.mktemp("mail"))
    server.start()
    try:
        mailer = SmtpMailer(SmtpServer(server.host, server.port, False, "support@hotmess.example", "HOTMESS"))
        for number in range(3):
            assert (await mailer.send(a_letter(subject=f"[HM-{number}] Re: x"))).fate is Fate.SENT
    finally:
        server.stop()
    assert [f"[HM-{n}]" in path.read_text("utf-8") for n, path in enumerate(server.letters())] == [True] * 3
