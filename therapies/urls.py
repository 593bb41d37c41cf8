from django.urls import path

from . import views

urlpatterns = [
    path("conditions/", views.condition_list, name="condition-list"),
    path("conditions/<slug:slug>/", views.condition_detail, name="condition-detail"),
    path("therapies/", views.therapy_list, name="therapy-list"),
    path("therapies/<slug:slug>/", views.therapy_detail, name="therapy-detail"),
    path("evidence/", views.evidence_map, name="evidence-map"),
    path(
        "evidence/<slug:therapy>/<slug:condition>/",
        views.assessment_detail,
        name="assessment-detail",
    ),
]
