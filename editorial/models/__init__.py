from .comment import Comment, CommentPlace
from .event import Event
from .form_tab import FormTab, UnsavedText
from .page import Page, TaggedPage
from .revision import Revision
from .saved_filter import SavedFilter
from .user import User

__all__ = [
    "Comment",
    "CommentPlace",
    "Event",
    "FormTab",
    "Page",
    "Revision",
    "SavedFilter",
    "TaggedPage",
    "UnsavedText",
    "User",
]
