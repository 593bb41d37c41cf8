from django.contrib import admin

from editorial.page_admin import PageAdmin

from .forms import ArticleForm
from .models import Article


@admin.register(Article)
class ArticleAdmin(PageAdmin):
    """The desk for articles."""

    form = ArticleForm
    autocomplete_fields = ["conditions", "therapies"]
    list_filter = ["status", "conditions"]
