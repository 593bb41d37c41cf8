from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy


class EditorialConfig(AppConfig):
    """Pages, revisions, workflow, roles and audit: knows nothing of what a page is about."""

    name = "editorial"
    verbose_name = gettext_lazy("Editorial")

    def ready(self):
        from . import (
            autosave,
            bulk_actions,
            dashboard,
            desk_lists,
            freshness,
            guards,
            images,
            policy,
            presence,
            queue_views,
            registry,
            sign_ins,
            table_sizes,
        )
        from .actions import climb_ladder
        from .models import Image
        from .where_used import on_where_used

        # SQLite rebuilds a table to alter it and forgets its triggers; so they are taken
        # down before every migrate and put back after it, whatever the migrations did.
        pre_migrate.connect(guards.before_migrate, sender=self)
        post_migrate.connect(guards.after_migrate, sender=self)
        registry.on_page_changed(freshness.pages_changed)
        post_migrate.connect(policy.after_migrate, sender=self)
        registry.on_round(climb_ladder)
        registry.on_dashboard(queue_views.cards)
        registry.on_dashboard(dashboard.cards_of_lists)
        desk_lists.register()
        sign_ins.connect()
        registry.on_revision_saved(images.record_images)
        registry.gate_check(images.image_obstacles)
        bulk_actions.register_all()
        registry.on_round(presence.sweep)
        registry.on_round(table_sizes.learn_if_grown)
        registry.on_round(autosave.tell_of_quiet_drafts)
        on_where_used(Image, images.uses_of_image)
