"""What a database's schema is, as text that can be compared."""

import psycopg

from jupyter_tutor.storage.connections import conninfo

_QUESTIONS = {
    "columns": """
        SELECT table_schema, table_name, column_name, data_type, udt_name, is_nullable,
               column_default
        FROM information_schema.columns WHERE table_schema = ANY(%s)
    """,
    "constraints": """
        SELECT n.nspname, conrelid::regclass::text, conname, pg_get_constraintdef(c.oid)
        FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace
        WHERE n.nspname = ANY(%s)
    """,
    "indexes": """
        SELECT schemaname, tablename, indexname, indexdef FROM pg_indexes
        WHERE schemaname = ANY(%s)
    """,
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
        JOIN pg_namespace n ON n.oid = relnamespace
        WHERE NOT tgisinternal AND n.nspname = ANY(%s)
    """,
    "functions": """
        SELECT n.nspname, proname, pg_get_functiondef(p.oid)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE n.nspname = ANY(%s)
    """,
    "types": """
        SELECT n.nspname, typname, typtype,
               (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder)
                FROM pg_enum WHERE enumtypid = t.oid)
        FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE n.nspname = ANY(%s)
    """,
    "schemas": "SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)",
}


def catalog(url: str, *schemas: str) -> dict[str, list[str]]:
    """Return what stands in schemas (all of ours by default), by kind, in a fixed order."""
    wanted = list(schemas or ("public", "tutor_jobs"))
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        return {
            kind: sorted(repr(row) for row in connection.execute(question, (wanted,)))
            for kind, question in _QUESTIONS.items()
        }
