from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy


class User(AbstractUser):
    """A member of staff. Readers have no accounts."""

    title = models.CharField(
        max_length=120,
        blank=True,
        help_text=gettext_lazy("Shown to readers beside the name, such as “Rheumatology nurse”."),
    )
    interests = models.TextField(
        "declared interests",
        blank=True,
        help_text=gettext_lazy(
            "Money, shares, employers or friendships that readers should know of."
        ),
    )

    mail_off = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text=gettext_lazy(
            "Kinds of letter that this person does not want; see editorial.mail."
        ),
    )

    # Of somebody who signed in on the web without the second factor that the site asks for. Whoever
    # lets people in says so (autoimmune_site.sessions); no role counts then.
    lacks_second_factor = False

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The names of this person's roles; see editorial.roles."""
        names = set(self.groups.values_list("name", flat=True))
        return frozenset(names | ({"administrator"} if self.is_superuser else set()))

    @property
    def display_name(self) -> str:
        """The name that readers and colleagues see."""
        return self.get_full_name() or self.username

    def __str__(self):
        return self.display_name
