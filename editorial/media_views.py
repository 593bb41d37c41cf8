"""Serves the files of images. They never change, as their names are made of their content."""

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from .images import FOLDER

_NAME = re.compile(r"[0-9a-f]{32}-[0-9]{1,5}\.(avif|webp|jpg|png)")
_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
A_YEAR = 365 * 24 * 3600  # seconds


@require_safe
def image_file(request, name):
    """One file, to be kept by browsers for a year, and able to do nothing but be a picture."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise Http404(gettext("There is no such picture."))
    try:
        file = default_storage.open(f"{FOLDER}/{name}")
    except FileNotFoundError:
        raise Http404(gettext("There is no such picture.")) from None
    response = FileResponse(file, content_type=_TYPES[match[1]])
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    return response
