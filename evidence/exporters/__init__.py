"""Writers of bibliographic files: plain Python. What they write, our importers read back."""
