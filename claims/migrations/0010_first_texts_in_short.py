"""Of a first text it is enough to know since when readers have seen it."""

from django.db import migrations, models


def forget(apps, schema_editor):
    """On the way back: what is not there is made from the live text when it is needed."""
    apps.get_model("claims", "PublishedText").objects.filter(since__isnull=False).delete()


class Migration(migrations.Migration):
    dependencies = [("claims", "0009_rules_of_the_site")]

    operations = [
        migrations.AddField("publishedtext", "since", models.DateTimeField(null=True)),
        migrations.RunPython(migrations.RunPython.noop, forget, elidable=True),
    ]
