"""`manage.py export_articles DIR`: published articles as Markdown files."""

import os
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.exporters import article_markdown
from articles.models import Article
from editorial.management.progress import Progress


class Command(BaseCommand):
    """Write every published article as a Markdown file."""

    help = (
        "Write each published article to DIR as a Markdown file with front matter, named by its "
        "slug. The files import back to the same content. Files of the same name are replaced, "
        "others are left alone."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="the folder to write to; made if missing")

    def handle(self, *, folder, **options):
        """Write the files; raises CommandError if the folder cannot be written."""
        target = Path(folder)
        articles = (
            Article.objects.published()
            .prefetch_related("tags", "conditions", "therapies")
            .order_by("slug")
        )
        progress = Progress(self.stderr, articles.count(), "Exporting")
        done = 0
        try:
            target.mkdir(parents=True, exist_ok=True)
            for article in articles.iterator(chunk_size=200):
                progress.show(done, article.slug)
                _write(target / f"{article.slug}.md", article_markdown(article))
                done += 1
        except OSError as error:
            raise CommandError(f"“{folder}” cannot be written: {error.strerror}.") from None
        finally:
            progress.clear()
        self.stdout.write(f"{done} article{'' if done == 1 else 's'} written to {target}.")


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, so that none is ever left half written."""
    handle, waiting = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".md")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(waiting, 0o644)
        os.replace(waiting, path)
    except BaseException:
        os.unlink(waiting)
        raise
