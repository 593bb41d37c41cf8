"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "autoimmune_site.settings")

django = get_wsgi_application()

from django.conf import settings  # noqa: E402  (after Django has read them)
from django.urls import reverse  # noqa: E402

from .observed import Observed  # noqa: E402
from .page_cache.application import PageCache  # noqa: E402
from .replica import ALIAS, FromReplica, Replica  # noqa: E402

# Loads every address and its view before the workers begin, not in each of them at its first page.
reverse("home")
application = django
if ALIAS in settings.DATABASES:
    application = FromReplica(django, Replica())
if settings.PAGE_CACHE_BYTES or ALIAS in settings.DATABASES:  # it tells what the replica must know
    application = PageCache(application, settings.PAGE_CACHE_BYTES)
application = Observed(application)
