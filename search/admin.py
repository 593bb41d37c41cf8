"""The list of what readers did not find, for whoever decides what is written next."""

from django.contrib import admin

from editorial.admin_roles import RoleAdmin

from .models import Miss


@admin.register(Miss)
class MissAdmin(RoleAdmin, admin.ModelAdmin):
    """To read: the most asked for first. Nobody adds to it or changes it by hand."""

    list_display = ["words", "days", "last_day"]
    list_filter = ["last_day"]
    search_fields = ["words"]
    ordering = ["-days", "-last_day", "words"]
