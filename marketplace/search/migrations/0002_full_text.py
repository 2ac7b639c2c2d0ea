"""The full-text index: FTS5 kept up to date by triggers on SQLite, a GIN index of `to_tsvector('simple')` on PostgreSQL.

The words are stemmed before they are written, so neither database needs to know French. On SQLite a later migration that
alters the table rebuilds it and loses the triggers: it must run `create` again.
"""

from django.db import migrations

SQLITE = [
    "CREATE VIRTUAL TABLE search_words USING fts5(text, tokenize='unicode61')",
    """CREATE TRIGGER search_words_insert AFTER INSERT ON marketplace_search_searchentry BEGIN
        INSERT INTO search_words(rowid, text) VALUES (new.id, new.text);
    END""",
    """CREATE TRIGGER search_words_delete AFTER DELETE ON marketplace_search_searchentry BEGIN
        DELETE FROM search_words WHERE rowid = old.id;
    END""",
    """CREATE TRIGGER search_words_update AFTER UPDATE ON marketplace_search_searchentry BEGIN
        UPDATE search_words SET text = new.text WHERE rowid = old.id;
    END""",
    "INSERT INTO search_words(rowid, text) SELECT id, text FROM marketplace_search_searchentry",
]
SQLITE_BACK = [
    "DROP TRIGGER search_words_update",
    "DROP TRIGGER search_words_delete",
    "DROP TRIGGER search_words_insert",
    "DROP TABLE search_words",
]
POSTGRESQL = [
    "CREATE INDEX search_words ON marketplace_search_searchentry USING gin (to_tsvector('simple', text))",
]
POSTGRESQL_BACK = ["DROP INDEX search_words"]


def create(apps, schema_editor):
    _run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def drop(apps, schema_editor):
    _run(schema_editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


def _run(schema_editor, statements_of):
    for statement in statements_of[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("marketplace_search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
