"""Uploaded bytes in, files fit for readers out. Knows nothing of the database.

Nothing of the upload is kept as it came: the picture is decoded, turned upright, brought to sRGB
and encoded anew at several widths, so that no metadata and no hidden content passes through.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError, features

from .image_limits import LARGEST_FILE, LONGEST_SIDE, MOST_PIXELS, SHORTEST_SIDE

WIDTHS = (480, 800, 1200, 1600)  # pixels; a smaller picture keeps its own width
READ = ("JPEG", "PNG", "WEBP", "AVIF")
KEY_LENGTH = 32  # hexadecimal digits of SHA-256
_ENCODE = {
    "avif": (gettext_lazy("AVIF"), {"quality": 55, "speed": 8}),
    "webp": (gettext_lazy("WEBP"), {"quality": 80, "method": 4}),
    "jpg": (gettext_lazy("JPEG"), {"quality": 82, "optimize": True, "progressive": True}),
    "png": (gettext_lazy("PNG"), {"optimize": True}),
}


class BadImage(Exception):
    """The upload cannot be taken; `str()` is a sentence that says why and what to do."""


@dataclass(frozen=True)
class Prepared:
    """What an upload became: the largest size, the widths, the endings, and every file."""

    key: str
    width: int
    height: int
    widths: list[int]
    formats: list[str]
    files: dict[str, bytes]


def prepare(data: bytes) -> Prepared:
    """Read an upload and make its files. Raises BadImage; before decoding, if it is too large."""
    if len(data) > LARGEST_FILE:
        raise BadImage(
            gettext(
                "This file has %(size)s MB; at most %(limit)s MB can be taken. Save it smaller."
            )
            % {"size": f"{len(data) / 1024 / 1024:.0f}", "limit": LARGEST_FILE // 1024 // 1024}
        )
    opened = _opened(data)
    is_flat = opened.format != "JPEG" and _has_few_colours(opened)
    picture = _plain(_upright(opened))
    fallback = "png" if picture.mode == "RGBA" or is_flat else "jpg"
    formats = ["avif"] * features.check("avif") + ["webp", fallback]
    widths = [w for w in WIDTHS if w < picture.width]
    if picture.width <= WIDTHS[-1]:
        widths.append(picture.width)
    sizes = {width: _at_width(picture, width) for width in widths}
    encoded = {(w, e): _encoded(sizes[w], e) for w in widths for e in formats}
    key = hashlib.sha256(encoded[widths[-1], fallback]).hexdigest()[:KEY_LENGTH]
    largest = sizes[widths[-1]]
    files = {f"{key}-{w}.{ending}": content for (w, ending), content in encoded.items()}
    return Prepared(key, largest.width, largest.height, widths, formats, files)


def _opened(data: bytes) -> Image.Image:
    """The picture, decoded only after its measures were read and found bearable."""
    if b"<svg" in data[:2048].lower():
        raise BadImage(
            gettext(
                "This is an SVG drawing, which can hold programs, so it is not taken. "
                "Export it as PNG and upload that."
            )
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # measured below
            picture = Image.open(io.BytesIO(data), formats=READ)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise BadImage(
            gettext(
                "This is no picture that can be read, or it is far too large. JPEG, PNG, "
                "WebP and AVIF can be; save it as one of these."
            )
        ) from None
    _require_bearable(picture)
    try:
        picture.load()
    except Exception:  # whatever a broken file makes the decoder say
        raise BadImage(
            gettext("This file is damaged: it cannot be decoded. Save it anew.")
        ) from None
    return picture


def _require_bearable(picture) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise BadImage(
            gettext(
                "This picture measures %(width)s × %(height)s pixels, more than can be "
                "taken (%(value)s million in all, %(LONGEST_SIDE)s a side). Make it "
                "smaller."
            )
            % {
                "width": width,
                "height": height,
                "value": MOST_PIXELS // 1000000,
                "LONGEST_SIDE": LONGEST_SIDE,
            }
        )
    if min(width, height) < SHORTEST_SIDE:
        raise BadImage(
            gettext(
                "This picture measures %(width)s × %(height)s pixels; fewer than "
                "%(SHORTEST_SIDE)s a side show nothing. Upload a larger one."
            )
            % {"width": width, "height": height, "SHORTEST_SIDE": SHORTEST_SIDE}
        )
    if getattr(picture, "n_frames", 1) > 1:
        raise BadImage(gettext("This picture moves. Upload a still one."))


def _upright(picture) -> Image.Image:
    """Turned as the camera was held, in sRGB where the file says what its colours mean."""
    profile = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture)
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return picture
    try:
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        if picture.mode == "L":
            return picture
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(
            picture, source, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a profile that cannot be read is no reason to refuse the picture


def _has_few_colours(picture) -> bool:
    """Whether it is a drawing or a screenshot, which JPEG would smear."""
    return picture.mode in ("1", "L", "P", "RGB") and picture.getcolors(256) is not None


def _plain(picture) -> Image.Image:
    """The pixels alone, in RGB, or RGBA where some are see-through."""
    if "A" in picture.getbands() or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        if clear.getchannel("A").getextrema()[0] < 255:
            return _without_info(clear)
    return _without_info(picture.convert("RGB"))


def _without_info(picture) -> Image.Image:
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare


def _at_width(picture, width: int) -> Image.Image:
    if width == picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(picture, ending: str) -> bytes:
    name, options = _ENCODE[ending]
    out = io.BytesIO()
    picture.save(out, name, **options)
    return out.getvalue()
