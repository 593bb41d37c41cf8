from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy


class SavedFilter(models.Model):
    """A person's named filter of one admin list; shared ones stay when their owner leaves."""

    LONGEST_QUERY = 1000  # characters

    name = models.CharField(max_length=60)
    list_name = models.CharField(
        max_length=100, help_text=gettext_lazy("Such as articles_article.")
    )
    query = models.CharField(max_length=LONGEST_QUERY)
    is_shared = models.BooleanField(default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="saved_filters"
    )
    owner_name = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_name", "name"], name="saved_filter_one_a_name"
            ),
            models.CheckConstraint(
                name="saved_filter_named", condition=~Q(name="") & ~Q(query="") & ~Q(list_name="")
            ),
        ]

    def __str__(self):
        return self.name
