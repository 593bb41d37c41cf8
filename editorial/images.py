"""What is done with images: uploading, describing, deleting; and who shows them."""

import logging
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, ngettext

from . import audit, figures, freshness, roles
from .errors import WrongState
from .models import Image, Page, Revision, RevisionImage
from .registry import Obstacle
from .where_used import in_pages, in_revisions

if TYPE_CHECKING:
    from .image_files import Prepared

FOLDER = "images"
WORDS = ("title", "alt", "is_decorative", "credit", "licence")
logger = logging.getLogger(__name__)


def read(data: bytes) -> "Prepared":
    """The files that these bytes would become. Raises WrongState with a sentence if they are no
    picture that can be taken, or one that is here already."""
    from . import image_files  # Pillow not before it is needed: a reader's worker never does

    try:
        prepared = image_files.prepare(data)
    except image_files.BadImage as bad:
        raise WrongState(str(bad)) from None
    _require_new(prepared)
    return prepared


def _require_new(prepared) -> None:
    if twin := Image.objects.filter(key=prepared.key).first():
        raise WrongState(
            gettext("This picture is here already, as “%(twin)s”. Use that one.") % {"twin": twin}
        )


@transaction.atomic
def upload(prepared: "Prepared", *, by, **words) -> Image:
    """Keep a picture (see `read`) with its words (WORDS). The same picture is kept once.

    Raises NotAllowed, WrongState, ValidationError about the words.
    """
    roles.require(by, "image.add")
    _require_new(prepared)
    image = Image(
        key=prepared.key,
        width=prepared.width,
        height=prepared.height,
        widths=prepared.widths,
        formats=prepared.formats,
        uploaded_by=by,
        uploaded_by_name=by.display_name,
        **words,
    )
    image.full_clean()
    image.save()
    for name, content in prepared.files.items():
        _write(name, content)
    audit.record("image.uploaded", by=by, subject=image.title, key=image.key)
    return image


def _write(name: str, content: bytes) -> None:
    """Files are named by what they hold; one that is there already is the same."""
    path = f"{FOLDER}/{name}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))


@transaction.atomic
def describe(image, *, by, **words) -> Image:
    """Change what is said of a picture; pages that show it are made anew.

    Raises NotAllowed, ValidationError.
    """
    image = Image.objects.select_for_update().get(pk=image.pk)
    roles.require(by, "image.edit")
    changed = [name for name in WORDS if name in words and getattr(image, name) != words[name]]
    if not changed:
        return image
    before = {name: getattr(image, name) for name in changed}
    for name in changed:
        setattr(image, name, words[name])
    image.full_clean()
    image.save(update_fields=changed)
    after = {name: getattr(image, name) for name in changed}
    audit.record(
        "image.described", by=by, subject=image.title, key=image.key, before=before, after=after
    )
    freshness.stale(*freshness.keys_of("page", _live_pages(image)))
    return image


@transaction.atomic
def delete(image, *, by) -> None:
    """Take a picture away for good, files too, unless a page or a text at work shows it.

    Raises NotAllowed, WrongState.
    """
    image = Image.objects.select_for_update().get(pk=image.pk)
    roles.require(by, "image.delete")
    in_use = shown_in(image).select_related("revision__page")
    if in_use:
        titles = sorted({f"“{use.revision.page}”" for use in in_use})
        words = (
            gettext(
                "“%(image)s” cannot be deleted while it is shown in %(pages)s. "
                "Take it out there first."
            )
            if len(titles) <= 5
            else gettext(
                "“%(image)s” cannot be deleted while it is shown in %(pages)s and others. "
                "Take it out there first."
            )
        )
        raise WrongState(words % {"image": image, "pages": ", ".join(titles[:5])})
    RevisionImage.objects.filter(image=image).delete()  # texts of the past
    names = image.file_names
    audit.record("image.deleted", by=by, subject=image.title, key=image.key)
    image.delete()
    transaction.on_commit(partial(_remove, names))


def _remove(names: list[str]) -> None:
    for name in names:
        try:
            default_storage.delete(f"{FOLDER}/{name}")
        except OSError as error:  # the row is gone whatever the disk says
            logger.error("%s was not deleted: %s", name, error)


def shown_in(image):
    """Where live pages and texts at work show it."""
    now = Q(revision__state__in=Revision.OPEN_STATES) | Q(revision__live_on__isnull=False)
    return RevisionImage.objects.filter(now, image=image)


def _live_pages(image):
    pages = Page.objects.filter(live_revision__shown_images__image=image)
    return pages.values_list("pk", flat=True)


def record_images(revisions) -> None:
    """Rewrite which images the revisions' texts show. Unknown ones are left to the gate."""
    shown = [(r, figures.keys_in(r.content.get("body", ""))) for r in revisions]
    images = Image.objects.by_key(key for _, keys in shown for key in keys)
    RevisionImage.objects.filter(revision__in=[r.pk for r in revisions]).delete()
    RevisionImage.objects.bulk_create(
        RevisionImage(revision=revision, image=images[key])
        for revision, keys in shown
        for key in keys
        if key in images
    )


def image_obstacles(revision):
    """A picture that is not here stops publication."""
    keys = figures.keys_in(revision.content.get("body", ""))
    known = Image.objects.by_key(keys)
    if missing := [key for key in keys if key not in known]:
        yield Obstacle(
            "unknown_image",
            ngettext(
                "The text shows a picture that is not here. "
                "Choose another in the editor, or take it out.",
                "The text shows %(count)s pictures that are not here. "
                "Choose others in the editor, or take them out.",
                len(missing),
            )
            % {"count": len(missing)},
        )


def uses_of_image(image):
    """Where it is shown, for the desk: live pages and texts at work; one query."""
    for use in shown_in(image).select_related("revision__page"):
        revision = use.revision
        is_live = revision.page.live_revision_id == revision.pk
        yield from in_pages([revision.page]) if is_live else in_revisions([revision])
