from django.urls import path

from . import views

urlpatterns = [
    path("sources/", views.source_list, name="source-list"),
    path("sources/<int:pk>/", views.source_detail, name="source-detail"),
    path("<slug:plural>/<slug:slug>/references.<slug:ending>", views.references, name="references"),
]
