"""Finding the colleagues that a note names with @."""

from __future__ import annotations

import re

# A handle as the staff table allows it, but ending in a letter or figure, so that a full stop after it is none of it.
# The group is atomic: a word that goes on (é, or a 41st letter) is no shorter handle either.
_MENTION = re.compile(r"(?<![\w@.])@((?>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9_])?))(?!\w)")


def mentioned(body: str) -> tuple[str, ...]:
    """Return the handles named in `body`, lower case, each once, in order; e-mail addresses are none."""
    return tuple(dict.fromkeys(found.lower() for found in _MENTION.findall(body)))
