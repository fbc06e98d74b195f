"""Which files of the project the repository checks read, and how a finding is written."""

from __future__ import annotations

import ast
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNTRACKED_FOLDERS = {".git", ".venv", "__pycache__", "build", "dist", "node_modules"}


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is or would be committed, relative to the checkout; without git, all there are."""
    listed = _listed_by_git() if (ROOT / ".git").exists() and shutil.which("git") else _listed_by_walking()
    return tuple(sorted(path for path in listed if (ROOT / path).is_file()))


def _listed_by_git() -> list[Path]:
    # The checkout may belong to somebody else than who runs the tests (root, say): git would refuse that.
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in listing.split("\0") if name]


def _listed_by_walking() -> list[Path]:
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
    return [
        path
        for path in paths
        if not UNTRACKED_FOLDERS & set(path.parts)
        and not any(part.endswith((".egg-info", "_cache")) for part in path.parts)
    ]


def python_files(*folders: str) -> list[Path]:
    """The project's Python files, all or only those below these folders."""
    below = tuple(f"{folder}/" for folder in folders)
    return [
        path for path in project_files() if path.suffix == ".py" and (not below or path.as_posix().startswith(below))
    ]


def text_of(path: Path) -> str:
    """The text of a project file; pictures, fonts and the like read as empty."""
    raw = (ROOT / path).read_bytes()
    if b"\0" in raw[:8192]:
        return ""
    return raw.decode("utf-8", errors="replace")


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a project file."""
    return ast.parse(text_of(path), filename=str(path))


def finding(path: Path, line: int, what: str) -> str:
    """One line that says where and what, as compilers print it."""
    return f"{path.as_posix()}:{line}: {what}"
