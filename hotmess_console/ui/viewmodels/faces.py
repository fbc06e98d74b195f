"""Which of the hues a person has: one answer for queue, thread and window, worked out from the name alone."""

from __future__ import annotations

from zlib import crc32

HUES = 6
"""As many as every palette has for faces."""


def hue_of(name: str) -> int:
    """Return the place, from 0 to 5, of a name's hue in the palette; the same name has the same place everywhere."""
    return crc32(name.encode("utf-8", "replace")) % HUES
