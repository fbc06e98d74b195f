"""Views and template versions on a real database, checked over a second connection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotmess_console.domain.values import TemplateId
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.desk_commands import RenameView, SaveView
from hotmess_console.services.template_commands import SaveTemplate
from tests.desks import AGENT, MANAGER, DeskDatabase

pytestmark = pytest.mark.foundation


async def test_a_renamed_view_is_one_view_under_its_new_name(desk_database: DeskDatabase) -> None:
    late = QueueFilter(overdue=True)
    async with desk_database.sit_down() as seat:
        await seat.do(SaveView(title="Late", filter=late))
        [view] = await seat.queries.saved_views()
        assert view.id is not None
        await seat.do(RenameView(view=view.id, title="Late ones", filter=view.filter))
        [renamed] = await seat.queries.saved_views()
        assert (renamed.name, renamed.filter) == ("Late ones", late)
    assert desk_database.rows("SELECT owner, name FROM console.saved_views") == [(AGENT, "Late ones")]


async def test_every_version_of_a_template_is_read_with_who_saved_it(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down(MANAGER) as manager:
        template = next(t for t in await manager.queries.templates() if t.id == "resolution" and t.language == "en")
        await manager.do(SaveTemplate(template=replace(template, body=template.body + "\n\nWith thanks.")))
    async with desk_database.sit_down() as seat:
        first, second = await seat.queries.template_versions(template.id, "en")
        assert (first.version, first.body) == (1, template.body)
        assert (second.version, second.saved_by) == (2, MANAGER)
        assert second.body.endswith("With thanks.")
        assert first.saved_at <= second.saved_at
        assert await seat.queries.template_versions(TemplateId("no-such-thing"), "en") == []
    stored = desk_database.rows("SELECT version, made_by FROM console.template_versions WHERE id = 'resolution'")
    assert [version for version, _ in sorted(stored)] == [1, 2]
