"""Words that make it worth asking whether somebody is in danger right now.

Source: manual, "Emergency Situations": immediate danger goes to level 3 at once. Words alone never decide that: they
only place the question before a person, who presses the key or does not. The list is short on purpose and covers the
languages that people write to us in; a missing hint means nothing.
"""

from __future__ import annotations

import re
import unicodedata

from hotmess_console.domain.values import Category

_SAID = ("urgent", "danger", "emergency", "critical")
_READ = 20_000
"""Characters of a text that are looked at; a cry for help does not stand further down."""

HINTS: dict[str, tuple[str, ...]] = {
    "en": (
        "in danger", "not safe right now", "following me", "followed me home", "he has a knife", "has a gun",
        "call the police", "going to hurt me", "threatening to hurt", "won't let me leave", "locked me in",
        "end my life", "hurt myself", "overdose", "knife", "weapon", "gun", "machete", "kill", "killed", "killing me",
        "kill me", "kill myself", "killing myself", "suicide", "suicidal", "at my door", "outside my door",
        "broke into my", "stabbed", "strangled", "raped", "call 999", "call 911", "want to die", "threatened to",
    ),
    "es": ("en peligro", "me está siguiendo", "tiene un cuchillo", "llamen a la policía", "no me deja salir",
           "cuchillo", "matarme", "suicidio", "en mi puerta", "un arma"),
    "fr": ("en danger", "me suit", "il a un couteau", "appelez la police", "me laisse pas partir",
           "couteau", "me tuer", "suicide", "devant ma porte", "une arme"),
    "de": ("in gefahr", "verfolgt mich", "hat ein messer", "rufen sie die polizei", "lässt mich nicht gehen",
           "messer", "umbringen", "selbstmord", "vor meiner tür", "waffe"),
    "it": ("in pericolo", "mi sta seguendo", "ha un coltello", "chiamate la polizia", "non mi lascia andare",
           "coltello", "uccidermi", "suicidio", "alla mia porta", "un'arma"),
    "pt": ("em perigo", "está me seguindo", "tem uma faca", "chamem a polícia", "não me deixa sair",
           "faca", "me matar", "suicídio", "na minha porta", "uma arma"),
    "pl": ("w niebezpieczeństwie", "śledzi mnie", "ma nóż", "wezwijcie policję", "nie pozwala mi wyjść",
           "nożem", "zabić", "samobójstwo", "pod moimi drzwiami"),
    "nl": ("in gevaar", "achtervolgt mij", "heeft een mes", "bel de politie", "laat me niet gaan",
           "vermoorden", "zelfmoord", "voor mijn deur", "wapen"),
    "tr": ("tehlikedeyim", "beni takip ediyor", "bıçağı var", "polisi arayın",
           "bıçak", "öldürecek", "intihar", "kapımda"),
}  # fmt: skip


_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]+")
"""Accents of Latin, Greek and Cyrillic letters, points of Hebrew and Arabic ones."""


def _plain(text: str) -> str:
    """Return `text` without case, accents, typographic apostrophes and double blanks: people in fear type fast."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").casefold().replace("ı", "i"))
    # one character may be decomposed into eighteen
    return " ".join(_MARKS.sub("", decomposed[:_READ]).split())


_PATTERN = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(_plain(hint)) for hints in HINTS.values() for hint in hints) + r")(?!\w)"
)


def warned_by(ticket_category: Category, priority: str) -> bool:
    """Return whether whoever filed this says themselves that somebody is in danger: safety, and urgent by their mark.

    Their own contact form files safety as high at most, so urgent was chosen by somebody.
    """
    return ticket_category is Category.SAFETY and priority.strip().casefold() in _SAID


def danger_hints(text: str) -> tuple[str, ...]:
    """Return the phrases found, in plain lower case, each once: a reason to ask, never a decision."""
    return tuple(dict.fromkeys(_PATTERN.findall(_plain(text[:_READ]))))
