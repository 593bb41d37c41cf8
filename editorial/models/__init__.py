from .event import Event
from .page import Page, TaggedPage
from .revision import Revision
from .user import User

__all__ = ["Event", "Page", "Revision", "TaggedPage", "User"]
