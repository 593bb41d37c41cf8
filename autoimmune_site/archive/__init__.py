"""One file that holds all that the site knows: rows, pictures and a manifest to check them by.

The same file is the backup and the way from one database to the other. `tables.py` says what
belongs in it and how a value is written down, `writing.py` makes it from one moment of the
database, `reading.py` checks it and `replacing.py` puts it in place of what is there.
docs/decisions/0030 says why it is built so.
"""


class ArchiveError(Exception):
    """The archive cannot be made, trusted or put back; `str()` is a sentence for the operator."""
