"""Staff's own account: sign-in, password, second factors. What allauth offers beyond that is
closed here, name by name, so that there is no other door."""

from allauth.urls import urlpatterns as everything
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext


def closed(request, **kwargs):
    """An address that other sites have."""
    raise Http404(gettext("Accounts are made, and their addresses changed, by an administrator."))


# allauth asks for these names, so they stay; they lead nowhere.
urlpatterns = [
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("confirm-email/", closed, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", closed, name="account_confirm_email"),
    path("login/code/confirm/", closed, name="account_confirm_login_code"),
    path("password/set/", closed, name="account_set_password"),
    *everything,
]
