"""Which revisions of the database this program may write to; on others it only reads, and says why.

Source: decision 1 puts the guards into the database, so a program and a database belong together: an older database
lacks guards that this program leaves to it, and a newer one may have rules of which this program knows nothing.
"""

from __future__ import annotations


def why_read_only(installed: str, oldest: str, newest: str) -> str:
    """Return why a database at revision `installed` is only read, empty when it lies between `oldest` and `newest`."""
    if installed < oldest:
        return (
            f"The database is at revision {installed} and lacks rules that this program relies on ({newest}), so "
            "nothing can be changed from here. Let whoever runs it do: hotmess-console db upgrade --dsn …"
        )
    if installed > newest:
        return (
            f"The database is at revision {installed}, newer than this program knows ({newest}), so nothing can be "
            "changed from here. Install the newer console on this machine."
        )
    return ""
