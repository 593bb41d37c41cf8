"""The list of what readers did not find, for whoever decides what is written next."""

from django.contrib import admin

from .models import Miss


@admin.register(Miss)
class MissAdmin(admin.ModelAdmin):
    """To read, and to take out what was written since; nothing is added or changed by hand."""

    list_display = ["words", "days", "last_day"]
    list_filter = ["last_day"]
    search_fields = ["words"]
    ordering = ["-days", "-last_day", "words"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
