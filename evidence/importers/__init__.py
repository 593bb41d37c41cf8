"""Readers of bibliographic files and of lists of notices: plain Python, no Django."""
