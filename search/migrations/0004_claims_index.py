"""The full-text index of claims, as 0002 made that of pages; `rebuild_search` fills it."""

from django.db import migrations

FORWARD = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_claims USING fts5(sentence, "
        "tokenize = 'porter unicode61 remove_diacritics 2', prefix = '3 4')",
        "CREATE TRIGGER search_claim_gone AFTER DELETE ON search_searchclaim "
        "BEGIN DELETE FROM search_claims WHERE rowid = OLD.claim_id; END",
    ],
    "postgresql": [
        "ALTER TABLE search_searchclaim ADD COLUMN vector tsvector NOT NULL DEFAULT ''::tsvector",
        "CREATE INDEX search_claim_vector ON search_searchclaim USING gin (vector)",
    ],
}
REVERSE = {
    "sqlite": ["DROP TRIGGER IF EXISTS search_claim_gone", "DROP TABLE search_claims"],
    "postgresql": ["ALTER TABLE search_searchclaim DROP COLUMN vector"],
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0003_facets_claims_misses")]
    operations = [migrations.RunPython(_run(FORWARD), _run(REVERSE))]
