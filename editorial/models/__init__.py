from .appointment import Appointment
from .approval import Approval
from .checking import CheckedAtOnce
from .comment import Comment, CommentPlace
from .event import Event
from .form_tab import FormTab, UnsavedText
from .image import Image, RevisionImage
from .page import Page, TaggedPage
from .policy import DeclaredInterest, KindPolicy
from .preview_link import PreviewLink
from .redirect import Redirect
from .revision import Revision
from .saved_filter import SavedFilter
from .user import User

__all__ = [
    "Appointment",
    "Approval",
    "CheckedAtOnce",
    "Comment",
    "CommentPlace",
    "DeclaredInterest",
    "Event",
    "FormTab",
    "Image",
    "KindPolicy",
    "Page",
    "PreviewLink",
    "Redirect",
    "Revision",
    "RevisionImage",
    "SavedFilter",
    "TaggedPage",
    "UnsavedText",
    "User",
]
