from editorial.forms import PageForm

from .models import Article


class ArticleForm(PageForm):
    """The content of an article."""

    class Meta(PageForm.Meta):
        model = Article
        fields = [*PageForm.Meta.fields, "conditions", "therapies"]
