#!/usr/bin/env python3
"""The command line of the site."""

import os
import secrets
import sys


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "autoimmune_site.settings")
    if "runserver" not in sys.argv:
        # A command signs nothing that outlives it, so it may run without the site's key.
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
