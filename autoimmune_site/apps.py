from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SiteConfig(AppConfig):
    """The top room: settings, addresses, sign-in, the shipped content."""

    name = "autoimmune_site"


class SiteAdminConfig(AdminConfig):
    """The stock admin with our site object."""

    default_site = "autoimmune_site.admin_site.EvidenceAdminSite"
