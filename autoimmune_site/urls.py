"""Every address of the site. The names are `<kind>-detail`, `<kind>-list`."""

from django.contrib import admin
from django.urls import include, path

from editorial.media_views import image_file

from . import previews, views
from .api import api
from .sitemaps import public_sitemap

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("articles.urls")),
    path("", include("therapies.urls")),
    path("", include("evidence.urls")),
    path("", include("claims.urls")),
    path("", include("search.urls")),
    path("preview/<str:token>/", previews.preview, name="preview"),
    path("media/images/<str:name>", image_file, name="image-file"),
    path("api/v1/", api.urls),
    path("sitemap.xml", public_sitemap, name="sitemap"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("robots.txt", views.robots, name="robots"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
]

handler404 = "autoimmune_site.views.not_found"
