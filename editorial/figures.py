"""Pictures in a text: `<figure data-image="key"></figure>`, and what readers get in its place."""

import re

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape, format_html
from lxml.html import builder

from .models import Image
from .prose import IMAGE_KEY

_FIGURE = re.compile(rf'<figure data-image="({IMAGE_KEY.pattern})">')
# As wide as the window on a phone, and as the text (site.css, .prose) elsewhere.
SIZES = "(min-width: 44rem) 42rem, 100vw"
_TYPES = {"avif": "image/avif", "webp": "image/webp"}


def keys_in(body: str) -> list[str]:
    """Keys of the pictures in a sanitised body, each once, in order."""
    return list(dict.fromkeys(_FIGURE.findall(body)))


def draw(root) -> None:
    """Put the pictures into the figures of a parsed body; one query, none without figures.

    The first is fetched at once, the others when the reader comes near. A picture that is not
    here leaves nothing.
    """
    nodes = list(root.iter("figure"))
    images = Image.objects.by_key(node.get("data-image") for node in nodes)
    drawn = 0
    for node in nodes:
        image = images.get(node.get("data-image"))
        if image is None:
            node.drop_tree()
            continue
        _fill(node, image, is_first=drawn == 0)
        drawn += 1


def _fill(node, image, *, is_first: bool) -> None:
    """One figure with its picture, and who made it."""
    del node.attrib["data-image"]
    sources = [
        builder.SOURCE({"type": _TYPES[ending], "srcset": srcset(image, ending), "sizes": SIZES})
        for ending in image.formats[:-1]
    ]
    attributes = {
        "src": address(image.file_name(image.widths[-1], image.formats[-1])),
        "srcset": srcset(image, image.formats[-1]),
        "sizes": SIZES,
        "width": str(image.width),
        "height": str(image.height),
        "alt": image.alt,
        "decoding": "async",
    }
    if not is_first:
        attributes["loading"] = "lazy"
    picture = builder.E.picture(*sources, builder.IMG(attributes))
    node.set("class", "picture")
    node.append(picture)
    node.append(builder.E.figcaption(f"{image.credit}, {image.licence}"))


def srcset(image, ending: str) -> str:
    """Every width of one format, as the attribute wants it."""
    return ", ".join(f"{address(image.file_name(w, ending))} {w}w" for w in image.widths)


def address(name: str) -> str:
    """Where a file is served."""
    return reverse("image-file", args=[name])


def in_words(body: str) -> str:
    """A sanitised body in which a paragraph tells of each picture, for comparing."""
    if "<figure" not in body:
        return body
    images = Image.objects.by_key(keys_in(body))

    def told(match) -> str:
        image = images.get(match[1])
        name = image.title if image else "no longer here"
        return f"<p>Picture: {escape(name)} ({match[1][:8]})</p>{match[0]}"

    return _FIGURE.sub(told, body)


def plain_html(body: str) -> str:
    """A body for readers elsewhere (the API, feeds): each figure with one plain picture, by its
    address on this site; a body without figures as it is."""
    if "<figure" not in body:
        return body
    images = Image.objects.by_key(keys_in(body))

    def replaced(match) -> str:
        image = images.get(match[1])
        return match[0] + (_plain_img(image) if image else "")

    return _FIGURE.sub(replaced, body)


def _plain_img(image) -> str:
    name = image.file_name(image.widths[-1], image.formats[-1])
    return format_html(
        '<img src="{}{}" alt="{}" width="{}" height="{}"><figcaption>{}, {}</figcaption>',
        settings.SITE_URL,
        address(name),
        image.alt,
        image.width,
        image.height,
        image.credit,
        image.licence,
    )
