"""The rows, names and papers of the architecture, as far as quick reading can check them.

The import contracts are checked by `./dev lint`; docs/architecture.md says why each of these holds.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository.sources import ROOT, finding, python_files, text_of, tree_of

pytestmark = pytest.mark.foundation

PACKAGE = Path("hotmess_console")
POLICY = PACKAGE / "domain" / "policy"

HOMES = {
    "PySide6": ("hotmess_console/ui",),
    "qasync": ("hotmess_console/ui",),
    "sqlalchemy": (
        "hotmess_console/adapters/store",
        "hotmess_console/adapters/platform",
        "hotmess_console/models",
    ),
    "psycopg": (
        "hotmess_console/adapters/store",
        "hotmess_console/adapters/platform",
        "hotmess_console/models",
    ),
    "alembic": ("hotmess_console/adapters/store", "hotmess_console/models"),
    "stripe": ("hotmess_console/adapters/stripe",),
    "keyring": ("hotmess_console/adapters/keyring_secrets",),
    "aiosmtplib": ("hotmess_console/adapters/mail",),
}
"""The only folders (or modules) that may name a vendor: changing it then changes nothing else."""

SLOW_TO_IMPORT = {"sqlalchemy", "psycopg", "alembic", "stripe", "httpx", "keyring", "procrastinate"}
"""Loaded on the I/O thread after the first paint; any of them earlier is seen as a slow start."""

MANUAL_HEADINGS = (
    "Daily Operations Checklist",
    "Support Ticket Handling",
    "Ticket Categories & Response Times",
    "Ticket Workflow",
    "Escalation Procedures",
    "Payment & Subscription Management",
    "Subscription Tiers",
    "Common Payment Issues",
    "Content Moderation",
    "Moderation Queue Priority",
    "Moderation Actions",
    "Ban Appeal Process",
    "User Safety Protocols",
    "Emergency Situations",
    "Safety Check-In System",
    "Reporting Workflow",
    "Business Metrics Monitoring",
    "Alert Thresholds",
    "Communication Templates",
)
"""Sections of the operations manual, as a policy may cite them."""

SLICES = {
    "tickets": ("domain", "adapters/store", "adapters/platform"),
}
"""Nouns and the folders where their file must be called so: `git ls-files '*tickets*'` is the slice."""


def imported_roots(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and top-level name of every absolute import anywhere in the module, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.partition(".")[0]


def stray_imports(path: Path, tree: ast.Module) -> list[str]:
    """Imports of a vendor outside its home."""
    where = path.with_suffix("").as_posix()
    return [
        finding(path, line, f"{name} is imported outside {', '.join(HOMES[name])}")
        for line, name in imported_roots(tree)
        if name in HOMES and not any(where == home or where.startswith(f"{home}/") for home in HOMES[name])
    ]


def cites_a_source(docstring: str) -> bool:
    """Does the rule name its source: a section of the manual by its heading, or a decision by number?"""
    words = " ".join(docstring.split())
    return bool(re.search(r"\bdecisions? \d+", words, re.I)) or any(head in words for head in MANUAL_HEADINGS)


def policies() -> list[Path]:
    return [path for path in python_files(POLICY.as_posix()) if path.name != "__init__.py"]


def loaded_by(modules: list[str]) -> set[str]:
    """The top-level names in `sys.modules` after importing these in a fresh interpreter."""
    program = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *modules],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.split())


def modules_below(*folders: str) -> list[str]:
    paths = python_files(*(f"{PACKAGE}/{folder}" for folder in folders))
    return [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths]


def test_a_vendor_is_named_only_in_its_home() -> None:
    files = python_files(PACKAGE.as_posix())
    assert [line for path in files for line in stray_imports(path, tree_of(path))] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("hotmess_console/services/support.py", "from PySide6.QtCore import QObject"),
        ("hotmess_console/ui/shell.py", "import psycopg"),
        ("hotmess_console/adapters/workstation/cache.py", "def f():\n    import sqlalchemy.orm"),
        ("hotmess_console/adapters/storehouse.py", "from sqlalchemy import text"),
        ("hotmess_console/cli.py", "if TYPE_CHECKING:\n    from alembic import command"),
    ],
)
def test_a_vendor_away_from_home_is_found(path: str, source: str) -> None:
    assert len(stray_imports(Path(path), ast.parse(source))) == 1


def test_a_vendor_at_home_is_left_alone() -> None:
    assert stray_imports(PACKAGE / "adapters/store/engine.py", ast.parse("import sqlalchemy")) == []
    assert stray_imports(PACKAGE / "adapters/mail.py", ast.parse("from aiosmtplib import SMTP")) == []


def test_what_is_true_and_what_people_do_needs_no_library_at_all() -> None:
    loaded = loaded_by(modules_below("domain", "services"))
    assert "hotmess_console" in loaded
    assert loaded & (SLOW_TO_IMPORT | {"PySide6", "qasync", "shiboken6"}) == set()


def test_the_whole_window_loads_without_the_slow_libraries() -> None:
    loaded = loaded_by(modules_below("ui"))
    assert "PySide6" in loaded
    assert loaded & SLOW_TO_IMPORT == set()


def test_the_command_line_answers_without_loading_the_window_or_a_driver() -> None:
    entrances = [name for name in ("__main__", "cli") if (ROOT / PACKAGE / f"{name}.py").exists()]
    loaded = loaded_by([f"hotmess_console.{name}" for name in entrances] or ["hotmess_console"])
    assert loaded & (SLOW_TO_IMPORT | {"PySide6", "qasync"}) == set()


def test_every_rule_of_the_domain_has_its_proofs_beside_it() -> None:
    missing = [f"tests/unit/domain/policy/test_{path.name}" for path in policies()]
    assert [path for path in missing if not (ROOT / path).exists()] == []


def test_every_rule_says_where_it_comes_from() -> None:
    docstrings = {path: ast.get_docstring(tree_of(path)) or "" for path in policies()}
    assert [path.name for path, words in docstrings.items() if not cites_a_source(words)] == []


@pytest.mark.parametrize(
    ("docstring", "cites"),
    [
        ("Who may refund (manual: “Common Payment Issues”).", True),
        ("Seven business days (decision 10).", True),
        ("Targets by category.\n\nManual: Ticket Categories &\nResponse Times.", True),
        ("Who may refund.", False),
        ("The manual says so.", False),
        ("", False),
    ],
)
def test_a_rule_without_its_source_is_found(docstring: str, cites: bool) -> None:
    assert cites_a_source(docstring) is cites


@pytest.mark.parametrize("noun", SLICES)
def test_a_noun_has_the_same_file_name_in_every_row(noun: str) -> None:
    wanted = {PACKAGE / folder / f"{noun}.py" for folder in SLICES[noun]}
    assert wanted <= set(python_files(PACKAGE.as_posix()))
    other_spellings = {noun.removesuffix("s"), f"{noun}_row", f"{noun}_model"}
    assert [path for path in python_files(PACKAGE.as_posix()) if path.stem in other_spellings] == []


def test_every_module_says_in_a_sentence_what_it_is_for() -> None:
    first_lines = {
        path: (ast.get_docstring(tree_of(path)) or "").partition("\n")[0]
        for path in python_files()
        if text_of(path).strip()
    }
    assert [path.as_posix() for path, line in first_lines.items() if len(line.split()) < 3] == []
