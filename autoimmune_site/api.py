"""The read API, version 1. Published things only; anonymous; nothing is written."""

from ninja import NinjaAPI

from search.api import router as search_router

from .api_reading import router as reading_router


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
    description="What readers see, as JSON: published pages, their claims, sources, assessments.",
    urls_namespace="api-1",
    docs_url=None,  # ninja's viewer loads scripts from other hosts; the document is enough
)
api.add_router("", search_router)
api.add_router("", reading_router)
