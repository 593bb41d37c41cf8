from django.db import migrations

MADE = [
    (
        "CREATE INDEX article_about_condition ON articles_article_conditions (condition_id, id)",
        "DROP INDEX article_about_condition",
    ),
    (
        "CREATE INDEX article_about_therapy ON articles_article_therapies (therapy_id, id)",
        "DROP INDEX article_about_therapy",
    ),
]


class Migration(migrations.Migration):
    """The articles last said to be about a topic are read from the end of an index; Django cannot
    declare one on the table of a many-to-many field."""

    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunSQL(make, undo) for make, undo in MADE]
