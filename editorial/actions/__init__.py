"""The workflow: one function for each step of a page's way. There is no other way.

Each locks the page, checks the role and the state, writes, records an Event and tells the other
rooms, in one transaction. Refusals are the exceptions of `errors.py`. (SQLite has no row locks;
there every transaction that writes takes the one write lock at its start.)
"""

from .clocks import climb_ladder, confirm_review, set_review_due, spread_reviews
from .owning import set_owner
from .policies import declare_interest, end_interest, set_policy
from .publishing import Override, publish, publish_override, publish_overrides, withdraw
from .redirecting import add_redirect, hand_over, point_redirect
from .reviewing import approve, assign, release_review, request_changes, submit, take_review
from .scheduling import cancel_schedule, move_schedule, schedule, schedule_withdrawal
from .writing import NewPage, begin_pages, restore, save_draft, tell_rooms

__all__ = [
    "NewPage",
    "Override",
    "add_redirect",
    "approve",
    "assign",
    "begin_pages",
    "cancel_schedule",
    "climb_ladder",
    "confirm_review",
    "declare_interest",
    "end_interest",
    "hand_over",
    "move_schedule",
    "point_redirect",
    "publish",
    "publish_override",
    "publish_overrides",
    "release_review",
    "request_changes",
    "restore",
    "save_draft",
    "schedule",
    "schedule_withdrawal",
    "set_owner",
    "set_policy",
    "set_review_due",
    "spread_reviews",
    "submit",
    "take_review",
    "tell_rooms",
    "withdraw",
]
