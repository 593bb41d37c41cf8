"""Staff sign-in: accounts are made by an administrator, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter


class StaffAdapter(DefaultAccountAdapter):
    """Closes the sign-up page."""

    def is_open_for_signup(self, request) -> bool:
        """Nobody signs up."""
        return False
