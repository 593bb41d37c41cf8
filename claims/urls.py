from django.urls import path

from . import correction_views, report_views, rule_pages, version_views, views

VERSIONS = [
    path(f"{folder}/<slug:slug>/versions/{rest}", view, {"kind": kind}, name=f"{kind}-{name}")
    for kind, folder in (
        ("article", "articles"),
        ("condition", "conditions"),
        ("therapy", "therapies"),
    )
    for rest, view, name in (
        ("", version_views.version_list, "versions"),
        ("<int:number>/", version_views.version_detail, "version"),
    )
]

urlpatterns = [
    *VERSIONS,
    path("claims/", views.claim_list, name="claim-list"),
    path("claims/<int:pk>/", views.claim_detail, name="claim-detail"),
    path("corrections/", correction_views.correction_list, name="correction-list"),
    path("rules/", rule_pages.rule_list, name="rule-list"),
    path("rules/<slug:rule>/", rule_pages.rule_detail, name="rule-detail"),
    path("report/", report_views.report_form, name="report"),
    path("report/<slug:token>/", report_views.report_outcome, name="report-outcome"),
]
