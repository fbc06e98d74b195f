"""Why a connection does not work, in words: what happened, what it means, what to do.

Source: authority, "Supabase facts" (poolers refuse logins that exist, hosts that are IPv6 only, no LISTEN), decision 6,
and issue 2.6. Each fault has one sentence and one way out, the same in `doctor` and when signing in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a connection."""

    WEAK = "weak"
    NO_CA_FILE = "no-ca-file"
    NO_NAME = "no-name"
    REFUSED = "refused"
    SILENT = "silent"
    NO_TLS = "no-tls"
    OTHER_NAME = "other-name"
    UNKNOWN_AUTHORITY = "unknown-authority"
    EXPIRED = "expired"
    BAD_CERTIFICATE = "bad-certificate"
    PASSWORD = "password"
    UNKNOWN_TO_POOLER = "unknown-to-pooler"
    NO_DATABASE = "no-database"
    OTHER_LOGIN = "other-login"
    NOT_INSTALLED = "not-installed"
    CANNOT_LISTEN = "cannot-listen"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Told:
    """What to tell a person about a fault: what happened and what it means, then what to do."""

    words: str
    hint: str


_TOLD = {
    Fault.NO_CA_FILE: Told(
        "The file with the authority's certificate, {what}, cannot be read, so nobody can say who answers.",
        "Check the path after sslrootcert= and that you may read the file.",
    ),
    Fault.NO_NAME: Told(
        "The name {what} cannot be found, so there is no server to ask.",
        "Check the spelling after host=, and that this machine has a network. A direct host may exist for IPv6 only: "
        "then use the session pooler.",
    ),
    Fault.REFUSED: Told(
        "{what} answers, but nothing listens at that port.",
        "Check port=, and that the database or its pooler runs.",
    ),
    Fault.SILENT: Told(
        "{what} does not answer at all; a firewall or a network in between may swallow the question.",
        "Check the network and the firewall. A direct host may exist for IPv6 only: then use the session pooler.",
    ),
    Fault.NO_TLS: Told(
        "{what} does not encrypt, so passwords and cases would travel in the open. Nothing was sent.",
        "Let whoever runs the database switch TLS on.",
    ),
    Fault.OTHER_NAME: Told(
        "The server's certificate is for another name than {what}: this may be the wrong server, or somebody in "
        "between. Nothing was sent.",
        "Write the name that stands in the certificate after host=, or ask whoever runs the database.",
    ),
    Fault.UNKNOWN_AUTHORITY: Told(
        "The certificate of {what} was not issued by the authority in your file: this may be the wrong server, or "
        "somebody in between. Nothing was sent.",
        "Fetch the authority's certificate from whoever runs the database, and name that file after sslrootcert=.",
    ),
    Fault.EXPIRED: Told(
        "The certificate of {what} is no longer valid, or not yet. Nothing was sent.",
        "Check this machine's date. If that is right, whoever runs the database has to renew the certificate.",
    ),
    Fault.BAD_CERTIFICATE: Told(
        "The certificate of {what} could not be checked. Nothing was sent.",
        "Show this to whoever runs the database.",
    ),
    Fault.PASSWORD: Told(
        "The server refused the login {what} or its password (28P01).",
        "Type both again. If it is certain that they are right, ask a manager for a new password; some poolers also "
        "refuse logins made after they were started: try the direct connection.",
    ),
    Fault.UNKNOWN_TO_POOLER: Told(
        "The pooler does not know the login {what}, though the database may.",
        "On Supabase the login is written role.project. Otherwise let whoever runs the pooler add it, or use the "
        "direct connection.",
    ),
    Fault.NO_DATABASE: Told(
        "There is no database called {what} on this server.",
        "Check what stands after dbname=.",
    ),
    Fault.OTHER_LOGIN: Told(
        "You signed in as one login, and the pooler went on as {what}: everything would be recorded as somebody "
        "else's doing, so the console does not work this way.",
        "Let whoever runs the pooler pass logins through, or use the direct connection.",
    ),
    Fault.NOT_INSTALLED: Told(
        "The console is not installed in the database {what}.",
        "Check dbname=, or run: hotmess-console db install --dsn …",
    ),
    Fault.CANNOT_LISTEN: Told(
        "What the database tells does not arrive on this connection, so {what} is a transaction pooler: colleagues' "
        "changes would show late.",
        "Declare it with --mode transaction, or use the pooler's session port (often 5432) or the direct host.",
    ),
    Fault.OTHER: Told(
        "The connection to {what} failed for another reason.",
        "Show the driver's words to whoever runs the database.",
    ),
}


def told(fault: Fault, what: str) -> Told:
    """Return the sentence and the way out for a fault; `what` is the host, login, file or database it is about."""
    found = _TOLD[fault]
    return Told(found.words.format(what=what or "this server"), found.hint)
