"""The desk's own furniture in Postgres: staff, templates, settings, saved views, notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.policy.sla import Targets
from hotmess_console.domain.values import CaseId, Login, Role, TemplateId
from hotmess_console.services.ids import new_id

if TYPE_CHECKING:
    from hotmess_console.domain.templates import Template


class PostgresDesk:
    """`Desk`, and the same reads for windows, on one connection."""

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn

    async def staff(self) -> Staff:
        """Return everyone at the desk with their roles."""
        with speaking():
            rows = await self._conn.execute(_STAFF)
        return Staff(
            Colleague(
                Login(r.login),
                r.display_name,
                r.handle,
                r.initials,
                frozenset(Role(x) for x in r.roles),
                r.email or "",
                r.active,
            )
            for r in rows
        )

    async def targets(self) -> Targets:
        """Return the response targets in force. Raises BadInput when the stored setting is damaged."""
        return Targets.from_json(await self.setting("sla.targets"))

    async def setting(self, key: str) -> Any:
        """Return one setting's value, None where it was never set."""
        with speaking():
            row = (await self._conn.execute(_SETTING, {"key": key})).one_or_none()
        return row.value if row else None

    async def settings(self) -> dict[str, Any]:
        """Return all settings."""
        with speaking():
            rows = await self._conn.execute(_SETTINGS)
        return {row.key: row.value for row in rows}

    async def change_setting(self, key: str, value: object) -> object:
        """Set one setting; return what it was before."""
        before = await self.setting(key)
        with speaking():
            await self._conn.execute(_SET, {"key": key, "value": Jsonb(value)})
        return before

    async def templates(self) -> Sequence[Template]:
        """Return the current version of each template in use."""
        from hotmess_console.domain.templates import Template

        with speaking():
            rows = await self._conn.execute(_TEMPLATES)
        return [Template(TemplateId(r.id), r.name, r.area, r.language, r.version, r.subject, r.body) for r in rows]

    async def save_template(self, template: Template) -> int:
        """Add a version of a template, which becomes the current one; return its number."""
        values = {
            "id": template.id,
            "language": template.language,
            "area": template.area,
            "name": template.name,
            "subject": template.subject,
            "body": template.body,
        }
        with speaking():
            await self._conn.execute(_NEW_TEMPLATE, values)
            row = (await self._conn.execute(_NEW_VERSION, values)).one()
            await self._conn.execute(_CURRENT, {**values, "version": row.version})
        return int(row.version)

    async def retire_template(self, id: TemplateId, language: str) -> bool:
        """Take a template out of use; its versions stay. Return whether it was in use."""
        with speaking():
            done = await self._conn.execute(_RETIRE, {"id": id, "language": language})
        return bool(done.rowcount)

    async def saved_views(self) -> list[tuple[UUID, str, dict[str, Any]]]:
        """Return this person's saved views in their order."""
        with speaking():
            rows = await self._conn.execute(_VIEWS)
        return [(row.id, row.name, row.filter) for row in rows]

    async def save_view(self, id: UUID, name: str, filter: Mapping[str, Any], position: int) -> None:
        """Save a view under a name; the same name again replaces it."""
        values = {"id": id, "name": name, "filter": Jsonb(dict(filter)), "position": position}
        with speaking():
            await self._conn.execute(_SAVE_VIEW, values)

    async def drop_view(self, id: UUID) -> None:
        """Delete one of this person's saved views."""
        with speaking():
            await self._conn.execute(_DROP_VIEW, {"id": id})

    async def notify(self, kind: str, case: CaseId, recipients: Sequence[Login]) -> None:
        """Leave a notice for each of `recipients`."""
        if recipients:
            values = [{"id": new_id(), "recipient": r, "case": case, "kind": kind} for r in recipients]
            with speaking():
                await self._conn.execute(_NOTIFY, values)

    async def see_notices(self, ids: Sequence[UUID]) -> None:
        """Mark notices of this person as seen."""
        with speaking():
            await self._conn.execute(_SEE, {"ids": list(ids)})


_STAFF = text("SELECT * FROM console.staff_directory ORDER BY display_name")
_SETTING = text("SELECT value FROM console.settings WHERE key = :key")
_SETTINGS = text("SELECT key, value FROM console.settings")
_SET = text(
    "INSERT INTO console.settings (key, value) VALUES (:key, :value) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_TEMPLATES = text(
    "SELECT t.id, t.name, t.area, t.language, v.version, v.subject, v.body FROM console.templates t "
    "JOIN console.template_versions v ON (v.id, v.language, v.version) = (t.id, t.language, t.current) "
    "WHERE NOT t.retired ORDER BY t.area DESC, t.name, t.language"
)
_NEW_TEMPLATE = text(
    "INSERT INTO console.templates (id, language, area, name) VALUES (:id, :language, :area, :name) "
    "ON CONFLICT DO NOTHING"
)
_NEW_VERSION = text(
    "INSERT INTO console.template_versions (id, language, version, subject, body) "
    "SELECT :id, :language, coalesce(max(version), 0) + 1, :subject, :body FROM console.template_versions "
    "WHERE id = :id AND language = :language RETURNING version"
)
_CURRENT = text("UPDATE console.templates SET current = :version, name = :name WHERE id = :id AND language = :language")
_RETIRE = text("UPDATE console.templates SET retired = true WHERE id = :id AND language = :language AND NOT retired")
_VIEWS = text("SELECT id, name, filter FROM console.saved_views WHERE owner = session_user ORDER BY position, name")
_SAVE_VIEW = text(
    "INSERT INTO console.saved_views (id, name, filter, position) VALUES (:id, :name, :filter, :position) "
    "ON CONFLICT (owner, name) DO UPDATE SET filter = excluded.filter, position = excluded.position"
)
_DROP_VIEW = text("SELECT console.drop_view(:id)")
_NOTIFY = text(
    "INSERT INTO console.notices (id, recipient, case_id, kind) VALUES (:id, cast(:recipient AS name), :case, :kind)"
)
_SEE = text("UPDATE console.notices SET seen_at = console.now() WHERE id = ANY(:ids) AND seen_at IS NULL")
