"""Pictures: what is taken and what not, what readers get, and that none goes while it is shown."""

import io
import re
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture

from editorial import actions, freshness, image_files, images, prose
from editorial.errors import Blocked, NotAllowed, WrongState
from editorial.models import Event, Image, RevisionImage
from editorial.text import Document
from tests import factories

pytestmark = pytest.mark.django_db

ADD, LIST = "/admin/editorial/image/add/", "/admin/editorial/image/"
WORDS = {
    "title": "A resting person",
    "alt": "A person lies on a sofa.",
    "is_decorative": False,
    "credit": "Ada Example",
    "licence": "CC BY 4.0",
}
GPS = {34853: {1: "N", 2: (51.0, 30.0, 0.0)}, 271: "CAMERA-NAME"}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


def picture(size=(900, 600), mode="RGB", kind="JPEG", colour="teal", **options) -> bytes:
    """The bytes of a picture with a mark in its upper left corner."""
    drawn = Picture.new(mode, size, colour)
    drawn.paste(Picture.new(mode, (size[0] // 4, size[1] // 4), "white"), (0, 0))
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def uploaded(data=None, by=None, **words) -> Image:
    prepared = images.read(data or picture())
    return images.upload(prepared, by=by or factories.people().author, **(WORDS | words))


def figure(image) -> str:
    return f'<figure data-image="{image.key}"></figure>'


def send(client, data, name="a.jpg", **words):
    """Post the upload form; answers its HTML, or the address it leads to."""
    values = {k: v for k, v in (WORDS | words).items() if v not in (False, None)}
    answer = client.post(ADD, {**values, "file": SimpleUploadedFile(name, data)})
    return answer.content.decode() if answer.status_code == 200 else answer.url


# Taking them


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_each_kind_is_taken_and_served_in_every_size_and_format(client, people, kind):
    client.force_login(people.author)
    send(client, picture(kind=kind))
    image = Image.objects.get()
    assert (image.width, image.height, image.widths) == (900, 600, [480, 800, 900])
    assert image.formats[:2] == ["avif", "webp"] and image.uploaded_by == people.author
    client.logout()
    for name in image.file_names:
        answer = client.get(f"/media/images/{name}")
        assert answer.status_code == 200
        read = Picture.open(io.BytesIO(answer.getvalue()))
        assert read.width == int(name.split("-")[1].split(".")[0])
        assert answer["Content-Type"] == Picture.MIME[read.format]
        assert (
            "immutable" in answer["Cache-Control"] and "max-age=31536000" in answer["Cache-Control"]
        )
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff" and not answer.cookies
    assert Event.objects.filter(verb="image.uploaded").exists()


def test_nothing_of_the_cameras_notes_is_served_and_the_picture_stands_upright(client, people):
    exif = Picture.Exif()
    exif.update(GPS | {274: 6})  # turned a quarter
    image = uploaded(picture(exif=exif.tobytes(), comment=b"secret remark"))
    assert (image.width, image.height) == (600, 900)
    for name in image.file_names:
        data = client.get(f"/media/images/{name}").getvalue()
        read = Picture.open(io.BytesIO(data))
        assert not read.getexif() and b"CAMERA" not in data and b"secret" not in data
        corner = read.convert("RGB").getpixel((read.width - 8, 8))
        assert min(corner) > 240, "the mark moved to the upper right"


def test_see_through_pictures_and_drawings_stay_png(client, people):
    clear = uploaded(picture(mode="RGBA", kind="PNG", colour=(0, 80, 80, 100)))
    drawing = uploaded(picture(kind="PNG", colour="navy"), title="Another")
    assert clear.formats[-1] == drawing.formats[-1] == "png"
    assert (
        Picture.open(
            io.BytesIO(client.get(f"/media/images/{clear.file_names[-1]}").getvalue())
        ).getpixel((800, 500))[3]
        < 255
    )


def test_large_pictures_are_made_smaller(people):
    image = uploaded(picture(size=(3000, 1000), kind="PNG"))
    assert (image.width, image.height, image.widths) == (1600, 533, [480, 800, 1200, 1600])


def bomb(width: int, height: int) -> bytes:
    """A tiny PNG that says it is enormous."""

    def chunk(kind, data):
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG drawing"),
        (b"GIF89a" + b"\0" * 50, "no picture that can be read"),
        (b"not a picture", "no picture that can be read"),
        (picture()[:2000], "damaged"),
        (bomb(30_000, 30_000), "far too large"),
        (bomb(12_500, 3000), "12500 × 3000 pixels, more than can be taken"),
        (bomb(9000, 9000), "9000 × 9000 pixels, more than can be taken"),
        (picture(size=(20, 20)), "show nothing"),
        (
            picture(
                kind="WEBP", save_all=True, append_images=[Picture.new("RGB", (900, 600), "red")]
            ),
            "moves",
        ),
    ],
    ids=["svg", "gif", "text", "cut off", "bomb", "too long", "too many", "too small", "moving"],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(client, people, data, says):
    client.force_login(people.author)
    assert says in send(client, data, name="a.png")
    assert not Image.objects.exists()


def test_a_file_of_too_many_bytes_is_refused_before_it_is_read(client, people, monkeypatch):
    monkeypatch.setattr(image_files, "LARGEST_FILE", 1000)
    monkeypatch.setattr(image_files, "_opened", lambda data: pytest.fail("It was opened."))
    client.force_login(people.author)
    assert "MB can be taken" in send(client, picture())


def test_a_picture_is_described_or_decoration_and_not_both(client, people):
    client.force_login(people.author)
    for words in ({"alt": ""}, {"is_decorative": "on"}):
        assert "one of the two" in send(client, picture(), **words)
    assert not Image.objects.exists()
    send(client, picture(), alt="", is_decorative="on")
    assert Image.objects.get().is_decorative


def test_the_same_picture_is_kept_once(client, people):
    uploaded()
    client.force_login(people.author)
    assert "is here already, as “A resting person”" in send(client, picture(), title="Twin")
    with pytest.raises(WrongState, match="here already"):
        images.upload(image_files.prepare(picture()), by=people.author, **WORDS)


@pytest.mark.parametrize(
    "name",
    ["../settings.py", "x.jpg", "0" * 32 + "-480.svg", "0" * 32 + "-480.jpg", "..%2f..%2fdb"],
)
def test_only_pictures_are_served(client, db, name):
    assert client.get(f"/media/images/{name}").status_code == 404


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("image_described_or_decorative", {"alt": ""}),
        ("image_described_or_decorative", {"is_decorative": True}),
        ("image_credited", {"licence": ""}),
        ("image_has_size", {"width": 0}),
    ],
)
def test_the_database_holds_the_rules_of_pictures(people, name, changes):
    image = uploaded()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Image.objects.filter(pk=image.pk).update(**changes)


# In texts


def test_readers_get_every_format_and_size_and_no_shift_of_the_page(client, people):
    one, two = (
        uploaded(),
        uploaded(picture(size=(500, 400)), title="Second", alt="Two <b>people</b>"),
    )
    body = f"<p>Rest.</p>{figure(one)}<p>Sleep.</p>{figure(two)}"
    page = factories.published_page(body=body)
    html = client.get(page.get_absolute_url()).content.decode()
    first, second = re.findall(r"<figure.*?</figure>", html, re.DOTALL)
    assert 'type="image/avif"' in first and 'type="image/webp"' in first
    assert f"/media/images/{one.key}-480.jpg 480w" in first
    assert 'width="900" height="600"' in first and 'alt="A person lies on a sofa."' in first
    assert 'loading="lazy"' not in first and 'loading="lazy"' in second
    assert "Two &lt;b&gt;people&lt;/b&gt;" in second and "Ada Example, CC BY 4.0" in first
    assert "data-image" not in html


@pytest.mark.parametrize("count", [1, 4])
def test_pictures_cost_one_query_however_many(client, people, count, django_assert_max_num_queries):
    shown = [
        uploaded(picture(size=(64 + n, 64)), title=f"Picture {n}", credit="A") for n in range(count)
    ]
    page = factories.published_page(body="".join(map(figure, shown)) + "<p>Rest.</p>")
    with django_assert_max_num_queries(10):
        assert client.get(page.get_absolute_url()).content.decode().count("<picture>") == count


def test_a_text_with_a_picture_that_is_not_here_is_not_published(people):
    body = f'<p>Rest.</p><figure data-image="{"0" * 32}"></figure>'
    revision = factories.approved(body=body)
    with pytest.raises(Blocked, match="a picture that is not here"):
        actions.publish(revision, by=people.editor)


def test_the_api_gives_a_plain_picture_with_its_whole_address(client, people, settings):
    image = uploaded()
    page = factories.published_page(body=f"<p>Rest.</p>{figure(image)}")
    body = client.get(f"/api/v1/pages/article/{page.slug}").json()["body_html"]
    assert f'src="{settings.SITE_URL}/media/images/{image.key}-900.jpg"' in body
    assert 'alt="A person lies on a sofa."' in body and "Ada Example, CC BY 4.0" in body


def test_reviewers_see_pictures_and_comparing_tells_of_them(client, people):
    image = uploaded()
    page = factories.published_page(title="Shown", body="<p>Rest.</p>")
    factories.draft(page=page, title="Shown", body=f"<p>Rest.</p>{figure(image)}")
    client.force_login(people.reviewer)
    desk = f"/admin/articles/article/{page.pk}"
    assert f"/media/images/{image.key}-480.jpg" in client.get(f"{desk}/review/").content.decode()
    compared = client.get(f"{desk}/compare/1/2/").content.decode()
    assert "Picture: A resting person" in re.sub(r"<[^>]*>|\s+", " ", compared).replace("  ", " ")


KEY = "ab" * 16
FIGURE = f'<figure data-image="{KEY}">'


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        (f"<p>A</p>{FIGURE}</figure><p>B</p>", f"<p>A</p>{FIGURE}</figure><p>B</p>"),
        (f"{FIGURE}<p>In it</p></figure>", f"{FIGURE}</figure><p>In it</p>"),
        (f"{FIGURE}words</figure>", f"{FIGURE}</figure>words"),
        ("<figure><p>Words</p></figure>", "<p>Words</p>"),
        ('<figure data-image="1"><p>Words</p></figure>', "<p>Words</p>"),
        (f'{FIGURE}<img src="x"></figure>', f"{FIGURE}</figure>"),
        (f"{FIGURE}{FIGURE}</figure></figure>", f"{FIGURE}</figure>{FIGURE}</figure>"),
        (f'<figure data-image="{KEY}" onclick="x" class="y"></figure>', f"{FIGURE}</figure>"),
    ],
)
def test_a_figure_names_a_picture_and_holds_nothing(html, cleaned):
    assert prose.clean(html) == cleaned


PIECES = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "words ", FIGURE, "</figure>", "<figure>", "<ul><li>", "</li></ul>", "<br>"]
    ),
    max_size=14,
).map("".join)


@given(PIECES)
def test_cleaning_figures_twice_changes_nothing_more_and_loses_no_word(html):
    once = prose.clean(html)
    assert prose.clean(once) == once
    assert once.count("words") == html.count("words")
    assert Document(body=once).text.count("words") == html.count("words")


# Changing and deleting


def test_new_words_reach_readers_and_make_their_pages_stale(client, people):
    image = uploaded()
    page = factories.published_page(body=figure(image) + "<p>Rest.</p>")
    stale = []
    freshness.on_stale(stale.extend)
    try:
        client.force_login(people.editor)
        words = {k: v for k, v in WORDS.items() if v} | {"alt": "Somebody rests."}
        client.post(f"{LIST}{image.pk}/change/", words)
    finally:
        freshness._listeners.remove(stale.extend)
    assert f"page:{page.pk}" in stale
    assert "Somebody rests." in client.get(page.get_absolute_url()).content.decode()
    event = Event.objects.get(verb="image.described")
    assert event.data["before"] == {"alt": WORDS["alt"]}


def test_a_picture_that_is_shown_is_not_deleted(client, people):
    image = uploaded()
    page = factories.published_page(title="Live one", body=figure(image) + "<p>Rest.</p>")
    factories.draft(title="Begun one", body=figure(image))
    client.force_login(people.editor)
    asked = client.get(f"{LIST}{image.pk}/remove/").content.decode()
    assert "Live one" in asked and "Begun one" in asked and "Delete it and its files" not in asked
    refused = client.post(f"{LIST}{image.pk}/remove/", follow=True).content.decode()
    assert "cannot be deleted while it is shown in “Begun one”, “Live one”" in refused
    with pytest.raises(ProtectedError), transaction.atomic():
        Image.objects.get(pk=image.pk).delete()
    assert page.live_revision.shown_images.exists()


def test_a_picture_of_the_past_is_deleted_with_its_files(
    client, people, django_capture_on_commit_callbacks
):
    image = uploaded()
    page = factories.published_page(body=figure(image) + "<p>Rest.</p>")
    actions.withdraw(page, by=people.editor, reason="Out of date.")
    name = image.file_names[0]
    assert client.get(f"/media/images/{name}").getvalue()  # read to its end, and closed
    client.force_login(people.editor)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{LIST}{image.pk}/remove/")
    assert not Image.objects.exists() and not RevisionImage.objects.exists()
    assert client.get(f"/media/images/{name}").status_code == 404


def test_who_may_do_what_with_pictures(client, people):
    with pytest.raises(NotAllowed):
        uploaded(by=people.reviewer)
    image = uploaded()
    for act in (lambda by: images.delete(image, by=by), lambda by: images.describe(image, by=by)):
        with pytest.raises(NotAllowed):
            act(people.reviewer)
    client.force_login(people.outsider)
    for address in (
        LIST,
        ADD,
        f"{LIST}find/",
        f"{LIST}{image.pk}/remove/",
        f"{LIST}{image.pk}/where/",
    ):
        assert client.get(address).status_code == 403, address


def test_the_editor_finds_pictures_by_words_and_by_key(client, people):
    image = uploaded()
    client.force_login(people.author)
    for query in ("q=sofa", "q=resting ada", f"keys={image.key}", ""):
        [found] = client.get(f"{LIST}find/?{query}").json()["results"]
        assert found["key"] == image.key and found["src"].endswith("-480.jpg")
    assert client.get(f"{LIST}find/?q=nowhere").json()["results"] == []
