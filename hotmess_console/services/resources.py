"""Where the program's bundled files lie."""

from __future__ import annotations

from pathlib import Path


def folder() -> Path:
    """Return the folder ``resources`` that is kept beside the package."""
    return Path(__file__).resolve().parents[2] / "resources"
