"""Sessions in the database, which cost no answer when the database cannot write."""

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import OperationalError


class SessionStore(DatabaseStore):
    """What a signed-in person's session would have noted (a message, a sign of life) is lost where
    the disk is full; the answer to what the person did is not, and it says what became of it."""

    def save(self, must_create=False):
        """As Django's. Signing in still fails where the session cannot be made, and a session that
        was ended meanwhile is still told apart."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if not isinstance(error.__context__, OperationalError):
                raise
