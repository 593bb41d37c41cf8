from .event import Event
from .page import Page, TaggedPage
from .revision import Revision
from .saved_filter import SavedFilter
from .user import User

__all__ = ["Event", "Page", "Revision", "SavedFilter", "TaggedPage", "User"]
