"""The sitemap names what is public, and nothing else."""

from django.contrib.sitemaps.views import sitemap
from django.urls import URLResolver, get_resolver, reverse
from lxml import etree

from autoimmune_site.sitemaps import SITEMAPS, ListSitemap
from claims import rule_pages
from tests import factories

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def test_the_sitemap_names_every_public_page_and_no_other(rf, site):
    factories.draft(slug="secret")
    response = sitemap(rf.get("/sitemap.xml"), sitemaps=SITEMAPS).render()
    found = [node.text for node in etree.fromstring(response.content).iter(LOC)]
    assert len(found) == len(set(found))
    paths = {address.removeprefix("http://testserver") for address in found}
    left_out = {"/search/", site.claim.get_absolute_url()}
    lists = {"/new/", "/glossary/", "/rules/"}
    rules = {rule_pages.address_of(rule.id) for rule in rule_pages.in_force()}
    assert paths == set(site.addresses.values()) - left_out | lists | rules


def test_every_list_that_readers_can_open_is_in_the_sitemap():
    """A list added later is either named here or not for search engines."""
    addresses = {
        reverse(pattern.name)
        for pattern in _simple(get_resolver())
        if pattern.name and not str(pattern.pattern).rpartition(".")[1]
    }
    not_for_search_engines = {
        "/search/",
        "/search/suggest/",
        "/search/completions/",
        "/report/",
        "/style/",
        "/healthz",
    }
    not_for_search_engines |= {"/readyz", "/metrics"}
    public = {a for a in addresses if not a.startswith(("/admin/", "/accounts/", "/api/"))}
    listed = {reverse(name) for name in ListSitemap().items()}
    assert public - not_for_search_engines == listed


def _simple(resolver):
    """Patterns without a part to fill in, outside the desk."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if not str(pattern.pattern):
                yield from _simple(pattern)
        elif "<" not in str(pattern.pattern):
            yield pattern
