from django.urls import path

from . import views

urlpatterns = [
    path("claims/", views.claim_list, name="claim-list"),
    path("claims/<int:pk>/", views.claim_detail, name="claim-detail"),
    path("corrections/", views.correction_list, name="correction-list"),
]
