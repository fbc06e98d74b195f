"""The catalog's answers to: what may everybody do? One query for each sort of thing, all with the same columns."""

from __future__ import annotations

# ruff: noqa: S608  (every piece of these queries stands in this file; values travel as parameters)

_COLUMNS = """
  SELECT {kind} AS kind, {name} AS name, {rights} AS rights, quote_ident(pg_get_userbyid({owner})) AS owner,
         {columns} AS columns, {as_owner} AS as_owner, {for_triggers} AS for_triggers, {guarded} AS guarded,
         {keep} AS keep, {schema} AS schema, {staff} AS staff
"""
_NONE = {
    "columns": "'{}'::text[]",
    "as_owner": "false",
    "for_triggers": "false",
    "guarded": "false",
    "keep": "'{}'::text[]",
    "schema": "''",
    "staff": "''",
}

# Schemas that a staff login may enter, by PUBLIC or by its groups, and what belongs to an extension.
_PLACES = """
  WITH places AS (
    SELECT n.* FROM pg_namespace n
     WHERE n.nspname <> ALL (%(ours)s) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND (has_schema_privilege('public', n.oid, 'USAGE')
            OR EXISTS (SELECT FROM pg_roles g WHERE g.rolname = ANY (%(groups)s)
                        AND has_schema_privilege(g.oid, n.oid, 'USAGE')))),
  quiet AS (
    SELECT d.objid FROM pg_depend d
      JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass
     WHERE d.deptype = 'e' AND e.extname <> ALL (%(outward)s))
"""


def _columns(**given: str) -> str:
    return _COLUMNS.format(**{**_NONE, **given})


def _rights(acl: str) -> str:
    """What everybody may do by `acl`, NULL for nothing."""
    return f"(SELECT array_agg(privilege_type ORDER BY privilege_type) FROM aclexplode({acl}) WHERE grantee = 0)"


def _keep(acl: str, owner: str, roles: str = "%(api)s") -> str:
    """Which of `roles` have by PUBLIC alone what everybody may by `acl`: revoking would take it from them as well."""
    return (
        f"ARRAY(SELECT quote_ident(r.rolname) FROM pg_roles r WHERE r.rolname = ANY ({roles}) AND NOT r.rolsuper "
        f"AND r.oid <> {owner} AND NOT EXISTS (SELECT FROM aclexplode({acl}) x WHERE x.grantee = r.oid) ORDER BY 1)"
    )


_SORT = "CASE WHEN c.relkind = 'S' THEN 'SEQUENCE' WHEN c.relkind IN ('v', 'm') THEN 'VIEW' ELSE 'TABLE' END"
# A view asks its owner's rights of what it reads, unless it says otherwise; a materialised one keeps rows for all.
_INVOKER = """coalesce((SELECT o.option_value::boolean FROM pg_options_to_table(c.reloptions) o
                         WHERE o.option_name = 'security_invoker'), false)"""
_RELATION = {
    "kind": _SORT,
    "name": "format('%%I.%%I', p.nspname, c.relname)",
    "owner": "c.relowner",
    "as_owner": f"c.relkind IN ('v', 'm') AND NOT {_INVOKER}",
    "guarded": f"c.relrowsecurity OR {_INVOKER}",
}
_WHOLE = _columns(**_RELATION, rights="a.rights", keep=_keep("c.relacl", "c.relowner"))
_RELATIONS = f"""
  {_PLACES} {_WHOLE}
    FROM pg_class c JOIN places p ON p.oid = c.relnamespace
   CROSS JOIN LATERAL (SELECT {_rights("c.relacl")} AS rights) a
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND a.rights IS NOT NULL AND c.oid NOT IN (SELECT objid FROM quiet)
"""

_PART = _columns(
    **_RELATION, rights="ARRAY[a.right]", columns="array_agg(quote_ident(t.attname) ORDER BY t.attnum)", keep="a.keep"
)
_SINGLE_COLUMNS = f"""
  {_PLACES} {_PART}
    FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN places p ON p.oid = c.relnamespace
   CROSS JOIN LATERAL (SELECT privilege_type AS right, {_keep("t.attacl", "c.relowner")} AS keep
                         FROM aclexplode(t.attacl) WHERE grantee = 0) a
   WHERE NOT t.attisdropped GROUP BY c.oid, c.relname, c.relkind, c.relowner, c.reloptions, c.relrowsecurity, p.nspname,
         a.right, a.keep
"""

_BY_TRIGGERS = "f.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype)"
_FUNCTION_ACL = "coalesce(f.proacl, acldefault('f', f.proowner))"
_FUNCTION = _columns(
    kind="CASE f.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'f' THEN 'FUNCTION' ELSE 'ROUTINE' END",
    name="format('%%I.%%I(%%s)', p.nspname, f.proname, pg_get_function_identity_arguments(f.oid))",
    rights="a.rights",
    owner="f.proowner",
    as_owner="f.prosecdef",
    for_triggers=_BY_TRIGGERS,
    # a trigger needs the right only when it is made, not when it runs
    keep=f"CASE WHEN {_BY_TRIGGERS} THEN '{{}}'::text[] ELSE {_keep(_FUNCTION_ACL, 'f.proowner')} END",
)
_FUNCTIONS = f"""
  {_PLACES} {_FUNCTION}
    FROM pg_proc f JOIN places p ON p.oid = f.pronamespace
   CROSS JOIN LATERAL (SELECT {_rights(_FUNCTION_ACL)} AS rights) a
   WHERE a.rights IS NOT NULL AND (f.prosecdef OR (NOT {_BY_TRIGGERS} AND f.oid NOT IN (SELECT objid FROM quiet)))
"""


def _schema(right: str, keep: str) -> str:
    columns = _columns(
        kind="'SCHEMA'", name="quote_ident(p.nspname)", rights=f"ARRAY['{right}']", owner="p.nspowner", keep=keep
    )
    there = f"EXISTS (SELECT FROM aclexplode(p.nspacl) x WHERE x.grantee = 0 AND x.privilege_type = '{right}')"
    return f"{_PLACES} {columns} FROM places p WHERE {there}"


_DATABASE_ACL = "coalesce(d.datacl, acldefault('d', d.datdba))"
_IT = _columns(kind="'DATABASE'", name="quote_ident(d.datname)", rights="a.rights", owner="d.datdba")
_DATABASE = f"""{_IT}
    FROM pg_database d CROSS JOIN LATERAL (SELECT array_remove({_rights(_DATABASE_ACL)}, 'CONNECT') AS rights) a
   WHERE d.datname = current_database() AND a.rights <> '{{}}'
"""

_MADE = (
    "CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' ELSE 'SCHEMAS' END"
)
_DEFAULT = _columns(
    kind="'DEFAULT PRIVILEGES'",
    name=_MADE,
    rights="a.rights",
    owner="d.defaclrole",
    schema="coalesce(quote_ident(n.nspname), '')",
)
_DEFAULTS = f"""{_DEFAULT}
    FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
   CROSS JOIN LATERAL (SELECT {_rights("d.defaclacl")} AS rights) a
   WHERE a.rights IS NOT NULL AND d.defaclobjtype IN ('r', 'S', 'f', 'n') AND coalesce(n.nspname, '') <> ALL (%(ours)s)
"""
# Functions are everybody's unless their maker's defaults say otherwise.
_TO_COME = _columns(kind="'DEFAULT PRIVILEGES'", name="'FUNCTIONS'", rights="ARRAY['EXECUTE']", owner="m.proowner")
_FUNCTIONS_TO_COME = f"""
  {_PLACES} {_TO_COME}
    FROM (SELECT DISTINCT f.proowner FROM pg_proc f JOIN places p ON p.oid = f.pronamespace
           WHERE f.oid NOT IN (SELECT objid FROM quiet)) m
   WHERE pg_get_userbyid(m.proowner) <> ALL (%(owners)s) AND NOT EXISTS (SELECT FROM pg_default_acl d
                      WHERE d.defaclrole = m.proowner AND d.defaclnamespace = 0 AND d.defaclobjtype = 'f')
"""

QUERIES: tuple[str, ...] = (
    _RELATIONS,
    _SINGLE_COLUMNS,
    _FUNCTIONS,
    # the right to create was never the API's to need; whoever enters by PUBLIC alone, the console's owner too, goes on
    _schema("CREATE", _NONE["keep"]),
    _schema("USAGE", _keep("p.nspacl", "p.nspowner", "%(api)s::text[] || %(enter)s::text[]")),
    _DATABASE,
    _DEFAULTS,
    _FUNCTIONS_TO_COME,
)
"""Each answers kind, name, rights, owner, columns, as_owner, for_triggers, guarded, keep, schema and staff."""


def memberships(server_version: int) -> str:
    """The query for members of roles that are not the desk's, in person or by its groups; superusers are left out.

    From 16 on a member may lack the right to use or set the role: such a membership is none here.
    """
    usable = "m.set_option OR m.inherit_option" if server_version >= 160000 else "true"
    columns = _columns(
        kind="'ROLE'",
        name="quote_ident(g.rolname)",
        rights="ARRAY['MEMBER']",
        owner="g.oid",
        staff="quote_ident(s.rolname)",
    )
    return f"""{columns}
      FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles s ON s.oid = m.member
     WHERE g.rolname <> ALL (%(groups)s) AND NOT s.rolsuper AND ({usable})
       AND (s.rolname = ANY (%(groups)s)
            OR EXISTS (SELECT FROM pg_roles desk
                        WHERE desk.rolname = ANY (%(groups)s) AND pg_has_role(s.oid, desk.oid, 'USAGE')))
    """
