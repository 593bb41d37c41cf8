"""The read API, version 1. Published things only; anonymous; nothing is written."""

from ninja import NinjaAPI

from search.api import router as search_router

from .api_reading import router as reading_router

ABOUT = """What readers see, as JSON: published pages, their claims, sources, what the evidence says
of each treatment, corrections, and search.

Lists take `limit` (1 to 100) and `offset`, and answer `count` and `items`. Every answer carries an
ETag: ask again with `If-None-Match` and get 304 while nothing has changed. Any site may ask (CORS).
Addresses of this version keep their meaning; fields may be added. Errors are JSON with `detail`.

Please show the certainty with every finding that you quote.
"""


class ReadAPI(NinjaAPI):
    """Every address answers GET and HEAD; the document describes each once, by its GET."""

    def get_openapi_schema(self, **options):
        """The OpenAPI document."""
        schema = super().get_openapi_schema(**options)
        for ways in schema["paths"].values():
            ways.pop("head", None)
        return schema


api = ReadAPI(
    title="Autoimmune Evidence",
    version="1",
    description=ABOUT,
    urls_namespace="api-1",
    docs_url=None,  # ninja's viewer loads scripts from other hosts; the document is enough
)
api.add_router("", search_router)
api.add_router("", reading_router)
