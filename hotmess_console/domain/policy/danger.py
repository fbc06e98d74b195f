"""Words that make it worth asking whether somebody is in danger right now.

Source: manual, "Emergency Situations": immediate danger goes to level 3 at once. Words alone never decide that: they
only place the question before a person, who presses the key or does not. The list is short on purpose and covers the
languages that people write to us in; a missing hint means nothing.
"""

from __future__ import annotations

import re
import unicodedata

_READ = 20_000
"""Characters of a text that are looked at; a cry for help does not stand further down."""

HINTS: dict[str, tuple[str, ...]] = {
    "en": (
        "in danger", "not safe right now", "following me", "followed me home", "he has a knife", "has a gun",
        "call the police", "going to hurt me", "threatening to hurt", "won't let me leave", "locked me in",
        "end my life", "hurt myself", "overdose",
    ),
    "es": ("en peligro", "me está siguiendo", "tiene un cuchillo", "llamen a la policía", "no me deja salir"),
    "fr": ("en danger", "me suit", "il a un couteau", "appelez la police", "me laisse pas partir"),
    "de": ("in gefahr", "verfolgt mich", "hat ein messer", "rufen sie die polizei", "lässt mich nicht gehen"),
    "it": ("in pericolo", "mi sta seguendo", "ha un coltello", "chiamate la polizia", "non mi lascia andare"),
    "pt": ("em perigo", "está me seguindo", "tem uma faca", "chamem a polícia", "não me deixa sair"),
    "pl": ("w niebezpieczeństwie", "śledzi mnie", "ma nóż", "wezwijcie policję", "nie pozwala mi wyjść"),
    "nl": ("in gevaar", "achtervolgt mij", "heeft een mes", "bel de politie", "laat me niet gaan"),
    "tr": ("tehlikedeyim", "beni takip ediyor", "bıçağı var", "polisi arayın"),
}  # fmt: skip


def _plain(text: str) -> str:
    """Return `text` without case, accents, typographic apostrophes and double blanks: people in fear type fast."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").casefold().replace("ı", "i"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.split())


_PATTERN = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(_plain(hint)) for hints in HINTS.values() for hint in hints) + r")(?!\w)"
)


def danger_hints(text: str) -> tuple[str, ...]:
    """Return the phrases found, in plain lower case, each once: a reason to ask, never a decision."""
    return tuple(dict.fromkeys(_PATTERN.findall(_plain(text[:_READ]))))
