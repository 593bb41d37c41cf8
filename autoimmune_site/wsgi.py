"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "autoimmune_site.settings")

django = get_wsgi_application()

from django.conf import settings  # noqa: E402  (after Django has read them)

from .page_cache.application import PageCache  # noqa: E402

application = PageCache(django, settings.PAGE_CACHE_BYTES) if settings.PAGE_CACHE_BYTES else django
