"""The picture of a part of the body, for the list of conditions and the head of their pages."""

from django import template

from therapies.body_systems import PICTURES

register = template.Library()


@register.inclusion_tag("therapies/body_picture.html")
def body_picture(system):
    """The drawing for this body system, which repeats its name and so is hidden from screen
    readers; nothing where there is none."""
    name = PICTURES.get(str(system).casefold())
    return {"picture": name and f"therapies/body/{name}.svg"}
