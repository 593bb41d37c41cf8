"""The full-text index itself, which Django does not know: FTS5 on SQLite, tsvector and GIN on
PostgreSQL. It is empty at first; `rebuild_search` fills it from the published pages."""

from django.db import migrations

FORWARD = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_index USING fts5(title, names, summary, body, "
        "tokenize = 'porter unicode61 remove_diacritics 2', prefix = '3 4')",
        "CREATE TRIGGER search_entry_gone AFTER DELETE ON search_searchentry "
        "BEGIN DELETE FROM search_index WHERE rowid = OLD.page_id; END",
    ],
    "postgresql": [
        # English stems, and no stop words: “it” may be a name.
        "CREATE TEXT SEARCH DICTIONARY evidence_stem (TEMPLATE = snowball, Language = english)",
        "CREATE TEXT SEARCH CONFIGURATION evidence (COPY = simple)",
        "ALTER TEXT SEARCH CONFIGURATION evidence "
        "ALTER MAPPING FOR asciiword, word WITH evidence_stem",
        "ALTER TABLE search_searchentry ADD COLUMN vector tsvector NOT NULL DEFAULT ''::tsvector",
        "CREATE INDEX search_vector ON search_searchentry USING gin (vector)",
        # Beginnings of names, whatever the database's own collation is.
        'CREATE INDEX search_name_text_c ON search_searchname (text COLLATE "C")',
        'CREATE INDEX search_name_key_c ON search_searchname (key COLLATE "C")',
    ],
}
REVERSE = {
    "sqlite": ["DROP TRIGGER IF EXISTS search_entry_gone", "DROP TABLE search_index"],
    "postgresql": [
        "DROP INDEX search_name_text_c",
        "DROP INDEX search_name_key_c",
        "ALTER TABLE search_searchentry DROP COLUMN vector",
        "DROP TEXT SEARCH CONFIGURATION evidence",
        "DROP TEXT SEARCH DICTIONARY evidence_stem",
    ],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(_run(FORWARD), _run(REVERSE))]
