"""The sitemap names what is public, and nothing else."""

from django.contrib.sitemaps.views import sitemap
from lxml import etree

from autoimmune_site.sitemaps import SITEMAPS
from tests import factories

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def test_the_sitemap_names_every_public_page_and_no_other(rf, site):
    factories.draft(slug="secret")
    response = sitemap(rf.get("/sitemap.xml"), sitemaps=SITEMAPS).render()
    found = [node.text for node in etree.fromstring(response.content).iter(LOC)]
    assert len(found) == len(set(found))
    paths = {address.removeprefix("http://testserver") for address in found}
    left_out = {"/search/", "/tags/tiredness/", site.claim.get_absolute_url()}
    assert paths == set(site.addresses.values()) - left_out
