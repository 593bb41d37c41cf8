from django.urls import path

from . import correction_views, report_views, views

urlpatterns = [
    path("claims/", views.claim_list, name="claim-list"),
    path("claims/<int:pk>/", views.claim_detail, name="claim-detail"),
    path("corrections/", correction_views.correction_list, name="correction-list"),
    path("report/", report_views.report_form, name="report"),
    path("report/<slug:token>/", report_views.report_outcome, name="report-outcome"),
]
