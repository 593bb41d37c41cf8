"""Every address of the site. The names are `<kind>-detail`, `<kind>-list`."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from editorial.media_views import image_file

from . import machines, metrics_view, previews, style_page, views
from .api import api
from .sitemaps import SITEMAPS

urlpatterns = [
    path("", views.home, name="home"),
    path("style/", style_page.style_page, name="style"),
    path("site.webmanifest", style_page.manifest, name="manifest"),
    path("new/", views.new, name="new"),
    path("", include("articles.urls")),
    path("", include("therapies.urls")),
    path("", include("evidence.urls")),
    path("", include("claims.urls")),
    path("", include("search.urls")),
    path("preview/<str:token>/", previews.preview, name="preview"),
    path("media/images/<str:name>", image_file, name="image-file"),
    path("api/v1/", api.urls),
    path("sitemap.xml", machines.sitemaps, name="sitemap"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap-section"),
    path("opensearch.xml", machines.opensearch, name="opensearch"),
    path("llms.txt", machines.llms, name="llms"),
    path("healthz", views.healthz, name="healthz"),
    path("metrics", metrics_view.metrics, name="metrics"),
    path("readyz", views.readyz, name="readyz"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("robots.txt", views.robots, name="robots"),
    path("admin/", admin.site.urls),
    path("accounts/", include("autoimmune_site.account_urls")),
]

handler400 = "autoimmune_site.error_pages.bad_request"
handler403 = "autoimmune_site.error_pages.forbidden"
handler500 = "autoimmune_site.error_pages.server_error"
handler404 = "autoimmune_site.views.not_found"
