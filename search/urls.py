from django.urls import path

from . import views

urlpatterns = [
    path("search/", views.results, name="search"),
    path("search/suggest/", views.suggestions, name="search-suggest"),
    path("search/completions/", views.completions, name="search-completions"),
]
