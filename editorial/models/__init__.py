from .appointment import Appointment
from .approval import Approval
from .event import Event
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
    "DeclaredInterest",
    "Event",
    "Image",
    "KindPolicy",
    "Page",
    "PreviewLink",
    "Redirect",
    "Revision",
    "RevisionImage",
    "SavedFilter",
    "TaggedPage",
    "User",
]
