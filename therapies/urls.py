from django.urls import path

from . import map_views, views

urlpatterns = [
    path("conditions/", views.condition_list, name="condition-list"),
    path("conditions/<slug:slug>/", views.condition_detail, name="condition-detail"),
    path("therapies/", views.therapy_list, name="therapy-list"),
    path("therapies/<slug:slug>/", views.therapy_detail, name="therapy-detail"),
    path("glossary/", views.glossary_page, name="glossary"),
    path("evidence/", map_views.evidence_map_page, name="evidence-map"),
    path("evidence/map.svg", map_views.map_svg, name="evidence-map-svg"),
    path("evidence/map.csv", map_views.map_csv, name="evidence-map-csv"),
    path(
        "evidence/<slug:therapy>/<slug:condition>/",
        map_views.assessment_detail,
        name="assessment-detail",
    ),
]
