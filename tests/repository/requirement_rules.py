"""Checks that what a `.in` file asks for is pinned, hashed and within its range, in the `.txt` beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

INCLUDE = re.compile(r"^-r\s+(\S+)$")
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)")


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked package: its version, and how many hashes of its files are accepted."""

    version: Version
    hashes: int


def asked_for(files: dict[str, str], name: str) -> list[Requirement]:
    """What the `.in` file called `name` asks for, with what it includes; `files` maps names to texts."""
    wanted: list[Requirement] = []
    for line in (raw.split("#")[0].strip() for raw in files[name].splitlines()):
        if included := INCLUDE.match(line):
            wanted += asked_for(files, included.group(1))
        elif line:
            wanted.append(Requirement(line))
    return wanted


def locked(text: str) -> dict[str, Pin]:
    """The pins of a `.txt` file by canonical name."""
    pins: dict[str, Pin] = {}
    name = ""
    for line in text.splitlines():
        if pinned := PINNED.match(line):
            name = canonicalize_name(pinned["name"])
            pins[name] = Pin(Version(pinned["version"]), 0)
        if name and "--hash=sha256:" in line:
            pins[name] = Pin(pins[name].version, pins[name].hashes + 1)
    return pins


def requirement_findings(wanted: list[Requirement], pins: dict[str, Pin]) -> list[str]:
    """What is asked for and not locked within its range, and what is locked without a hash."""
    found = [f"{name} is locked without a hash" for name, pin in pins.items() if not pin.hashes]
    for requirement in wanted:
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None:
            found.append(f"{requirement.name} is asked for and not locked")
        elif not requirement.specifier.contains(pin.version):
            found.append(f"{requirement.name} is locked at {pin.version}, outside {requirement.specifier}")
    return found
