from .appointment import Appointment
from .approval import Approval
from .event import Event
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
    "DeclaredInterest",
    "Event",
    "KindPolicy",
    "Page",
    "PreviewLink",
    "Redirect",
    "Revision",
    "SavedFilter",
    "TaggedPage",
    "User",
]
