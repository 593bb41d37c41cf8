from django.urls import path

from editorial.reading import on_reading

from . import views
from .reading import reading_of

# Readers reach a page only through these addresses, so this is known before the first is asked.
on_reading(reading_of)

urlpatterns = [
    path("claims/", views.claim_list, name="claim-list"),
    path("claims/<int:pk>/", views.claim_detail, name="claim-detail"),
    path("corrections/", views.correction_list, name="correction-list"),
]
