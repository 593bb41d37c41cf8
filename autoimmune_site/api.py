"""The read API, version 1. Published things only; anonymous; nothing is written."""

from ninja import NinjaAPI

from search.api import router as search_router

from .api_reading import router as reading_router

api = NinjaAPI(
    title="Autoimmune Evidence",
    version="1",
    description="What readers see, as JSON: published pages, their claims, sources, assessments.",
    urls_namespace="api-1",
    docs_url=None,  # ninja's viewer loads scripts from other hosts; the document is enough
)
api.add_router("", search_router)
api.add_router("", reading_router)
