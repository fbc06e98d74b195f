"""Checks that no committed text names a machine, a package index, or how the text came to be."""

from __future__ import annotations

import re
from pathlib import Path

from tests.repository.sources import finding

# Each pattern breaks up what it looks for (one letter in brackets), so that it does not find itself.
PACKAGE_INDEX = re.compile(
    r"py[p]i\.org|pythonhoste[d]\.org|registry\.npmj[s]\.org|deb\.debia[n]\.org|conda\.anacond[a]\.org"
    r"|https?://[^\s\"'<>]*(?:py[p]i|artifactor[y]|nexu[s]|mirro[r]s?\b|/simpl[e]/)"
    r"|--(?:extra-)?index-ur[l]\s+\S*://|--find-link[s]\s+\S*[/:]",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.\-$}/])/(?:wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+)(?=[/\s\"'`),;:]|$)")
MADE_HOW = re.compile(
    r"\bclaud[e]\b|\banthropi[c]\b|\bopena[i]\b|\bchat ?gp[t]\b|\bgpt-?[3-9]|\bll[m]s?\b|\bcopilo[t]\b"
    r"|\blanguage mode[l]s?\b|\bas an a[i]\b|\bai[- ](?:generate[d]|assistan[t]|writte[n])"
    r"|\b(?:helpe[r]|sub|codin[g]) ?-?agent[s]?\b|\bprevious sessio[n]\b|\bthis sessio[n] (?:wrote|made)\b",
    re.IGNORECASE,
)
RULES = {
    PACKAGE_INDEX: "names a package index or mirror: hosts belong to the machine's own settings",
    MACHINE_PATH: "is a path of one machine",
    MADE_HOW: "tells how this was made; say what it does",
}


def wording_findings(path: Path, text: str) -> list[str]:
    """Each line with a word that does not belong into the repository."""
    return [
        finding(path, number, f"“{match.group().strip()}” {why}")
        for number, line in enumerate(text.splitlines(), start=1)
        for pattern, why in RULES.items()
        if (match := pattern.search(line))
    ]
