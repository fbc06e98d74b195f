"""Finding the colleagues that a note names with @."""

from __future__ import annotations

import re

_MENTION = re.compile(r"(?<![\w@.])@([A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9_])?)")


def mentioned(body: str) -> tuple[str, ...]:
    """Return the handles named in `body`, lower case, each once, in order; e-mail addresses are none."""
    return tuple(dict.fromkeys(found.lower() for found in _MENTION.findall(body)))
