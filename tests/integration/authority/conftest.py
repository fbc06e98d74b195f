"""The databases over which the abuse cases run: two versions, two kinds of installer, four shapes, new or upgraded.

A module called ``test_abuse_*`` only asks for `desk_database` (or `authority_desk`, which is the same): it then runs
once on each version, and on the whole grid with the marker expression ``authority and slow``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from hotmess_console.adapters.store.embedded import Server
from tests.desks import DeskDatabase, copied
from tests.integration.authority.grid import (
    ALL,
    DEFAULT,
    EVERY_SHAPE,
    STANDARD,
    Combination,
    cluster_of,
    make_combination,
)
from tests.integration.authority.staff_desk import StaffDesk, staff_desk

_DESKS = ("desk_database", "authority_desk")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every abuse case its databases; other modules of this folder keep the one standard desk."""
    wanted = [name for name in _DESKS if name in metafunc.fixturenames]
    if not wanted or not metafunc.module.__name__.rpartition(".")[2].startswith("test_abuse_"):
        return
    shapes = getattr(metafunc.function, "shapes", getattr(metafunc.module, "SHAPES", EVERY_SHAPE))
    cases = [
        pytest.param(combination, id=combination.words, marks=() if combination in DEFAULT else pytest.mark.slow)
        for combination in ALL
        if combination.shape in shapes
    ]
    metafunc.parametrize("authority_desk", cases, indirect=True)


@pytest.fixture(scope="session")
def authority_grid() -> Iterator[Grid]:
    """Clusters and templates of the grid, each made when it is first asked for."""
    with ExitStack() as stack:
        yield Grid(stack)


class Grid:
    """Clusters and templates, each made once."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._clusters: dict[tuple[object, ...], Server] = {}
        self._templates: dict[Combination, str] = {}

    def desk(self, combination: Combination) -> tuple[Server, str]:
        """The server of this combination, and the name of an installed database to copy."""
        # roles belong to the cluster: whoever installs without being superuser needs one where nobody did before
        key = (combination.version, combination.superuser)
        if key not in self._clusters:
            self._clusters[key] = self._stack.enter_context(cluster_of(combination))
        if combination not in self._templates:
            self._templates[combination] = make_combination(self._clusters[key], combination)
        return self._clusters[key], self._templates[combination]


@pytest.fixture
def authority_desk(request: pytest.FixtureRequest, authority_grid: Grid) -> Iterator[DeskDatabase]:
    """A fresh desk of the combination that the test is run on."""
    combination: Combination = getattr(request, "param", STANDARD)
    if combination == STANDARD:
        with copied(request.getfixturevalue("cluster"), request.getfixturevalue("desk_template")) as database:
            yield database
        return
    server, template = authority_grid.desk(combination)
    with copied(server, template) as database:
        yield database


@pytest.fixture
def desk_database(authority_desk: DeskDatabase) -> DeskDatabase:
    """The same desk, by the name that all tests use."""
    return authority_desk


@pytest.fixture
def desk(desk_database: DeskDatabase) -> Iterator[StaffDesk]:
    """Managers and colleagues whom a test may grant, shut and drop as it likes."""
    with staff_desk(desk_database) as made:
        yield made
