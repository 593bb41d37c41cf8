"""What the quick templates make is what Django makes of the same templates, byte for byte."""

import copy
import re
from datetime import date

import pytest
from django.conf import settings
from django.template import Context, Engine, TemplateSyntaxError
from django.utils import translation

from tests import factories

from .conftest import body_citing

PARTS = {
    "words.txt": "{% translate 'Sources' %}, {% translate '5%' as five %}{{ five }}",
    "in.html": "<i>{{ word }} {{ outer }}</i>{% translate 'Kept' as left_behind %}",
    "blocks.html": "{% block one %}{{ outer }}{% endblock %}",
}
STOCK = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]


class Thing:
    """What templates are given: attributes, methods, properties, keys."""

    name = "<b>"
    items = ("first", "second")
    table = {"key": "value", 3: "three"}

    def method(self):
        return "called & told"

    def needs(self, more):
        return more

    def removes(self):
        raise AssertionError("A template called what changes data.")

    removes.alters_data = True

    @property
    def fails(self):
        raise AttributeError("inside")

    class DoesNotExist(Exception):
        silent_variable_failure = True

    @property
    def is_silent(self):
        raise self.DoesNotExist


SNIPPETS = (
    "{{ thing.name }}{{ thing.name|safe }}{{ thing.method }}{{ number }}{{ share }}{{ day }}",
    "{{ thing.items.0 }}{{ thing.items.9 }}{{ thing.table.key }}{{ thing.table.keys|length }}",
    "{{ missing }}{{ thing.missing }}{{ thing.table.missing }}{{ missing|default:'none' }}",
    "{{ thing.needs }}{{ thing.removes }}{{ thing.is_silent }}{{ none }}{{ yes }}",
    "{% if thing.missing %}a{% elif missing %}b{% elif not missing and yes %}c{% endif %}",
    "{% if none %}a{% else %}b{% endif %}{% if number > 2 and thing.method %}c{% endif %}",
    "{% for item in thing.items %}{{ forloop.counter }}{{ item }}{% empty %}e{% endfor %}",
    "{% include 'words.txt' %}{% include 'in.html' with word=thing.name %}{{ left_behind }}",
    "{% include 'in.html' with word='a' only %}{% include 'blocks.html' %}",
    "{% blocktranslate count n=number %}one{% plural %}{{ n }} pages{% endblocktranslate %}",
    "{% blocktranslate with a=thing.name %}5% of {{ a }}{{ b }}{% endblocktranslate %}",
    "{% blocktranslate asvar said %}Said{% endblocktranslate %}{{ said }}",
    "{% autoescape off %}{{ thing.name }}{% endautoescape %}{{ thing.name }}",
    "{% url 'home' %}{% url 'search' as there %}{{ there }}{% static 'css/site.css' %}",
)


def engine(folder, loader: list) -> Engine:
    """An engine that reads `folder` and then the site's own templates."""
    options = copy.deepcopy(settings.TEMPLATES[0]["OPTIONS"]) | {"loaders": loader}
    return Engine(dirs=[str(folder)], debug=False, builtins=TAGS, **options)


TAGS = ["django.templatetags.i18n", "django.templatetags.static"]


@pytest.fixture
def both(tmp_path, settings):
    """(stock engine, quick engine) over the same folder of templates."""
    for name, text in PARTS.items() | {(f"s{n}.html", text) for n, text in enumerate(SNIPPETS)}:
        (tmp_path / name).write_text(text)
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    quick = [("autoimmune_site.quick_templates.Loader", STOCK)]
    return engine(tmp_path, STOCK), engine(tmp_path, quick)


def given() -> dict:
    values = {"thing": Thing(), "number": 3, "share": 0.5, "yes": True, "none": None, "b": 12345}
    return values | {"outer": "<o>", "day": date(2026, 1, 2)}


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
@pytest.mark.parametrize("autoescape", [True, False])
def test_a_snippet_comes_out_as_django_makes_it(both, number, autoescape):
    stock, quick = both
    for _ in range(2):  # the second time from what is known
        expected, made = (
            engine.get_template(f"s{number}.html").render(Context(given(), autoescape=autoescape))
            for engine in (stock, quick)
        )
        assert made == expected


def test_a_property_that_fails_is_not_taken_for_one_that_is_missing(both, tmp_path):
    (tmp_path / "fails.html").write_text("{{ thing.fails }}")
    for made_by in both:
        with pytest.raises(AttributeError, match="inside"):
            made_by.get_template("fails.html").render(Context(given()))


def test_a_number_that_is_none_is_refused_as_django_does(both, tmp_path):
    text = "{% blocktranslate count n=word %}a{% plural %}b{% endblocktranslate %}"
    (tmp_path / "counts.html").write_text(text)
    for made_by in both:
        with pytest.raises(TemplateSyntaxError, match="must be a number"):
            made_by.get_template("counts.html").render(Context({"word": "x"}))


def test_fixed_words_follow_the_language(both):
    _, quick = both
    template = quick.get_template("words.txt")
    for language in ("en-gb", "de", "en-gb"):
        with translation.override(language):
            expected = f"{translation.gettext('Sources')}, 5%"
            assert template.render(Context()) == expected


def test_every_kind_of_page_is_the_same_with_djangos_own_loader(client, site, settings):
    sources = [factories.source(participants=n, doi=f"10.1000/{n}") for n in (1, 2)]
    factories.published_page(
        body=body_citing(*sources, *sources), conditions=[site.condition.pk], tags=["rest"]
    )
    others = ("/search/?q=rest", "/glossary/", "/none/", "/articles/gone/")
    addresses = [*site.addresses.values(), *others]
    quick = [_without_time(client.get(address)) for address in addresses]
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["OPTIONS"]["loaders"] = [("django.template.loaders.cached.Loader", STOCK)]
    assert [_without_time(client.get(address)) for address in addresses] == quick


def _without_time(response) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
