"""The workflow: one function for each step of a page's way. There is no other way.

Each locks the page, checks the role and the state, writes, records an Event and tells the other
rooms, in one transaction. Refusals are the exceptions of `errors.py`. (SQLite has no row locks;
there every transaction that writes takes the one write lock at its start.)
"""

from .publishing import publish, publish_override, schedule, withdraw
from .reviewing import approve, request_changes, submit
from .writing import restore, save_draft, tell_rooms

__all__ = [
    "approve",
    "publish",
    "publish_override",
    "request_changes",
    "restore",
    "save_draft",
    "schedule",
    "submit",
    "tell_rooms",
    "withdraw",
]
