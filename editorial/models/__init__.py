from .event import Event
from .page import Page, TaggedPage
from .preview_link import PreviewLink
from .revision import Revision
from .saved_filter import SavedFilter
from .user import User

__all__ = ["Event", "Page", "PreviewLink", "Revision", "SavedFilter", "TaggedPage", "User"]
