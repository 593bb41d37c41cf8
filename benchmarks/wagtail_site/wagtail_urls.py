"""The addresses of the Wagtail site: the same kinds of page as the site it is measured beside."""

from django.urls import include, path
from library import views
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("tags/<slug:slug>/", views.tag, name="tag"),
    path("search/", views.search, name="search"),
    path("", include(wagtail_urls)),
]
