"""Readers of articles written elsewhere. `reading.read` is the way in; `ingest` stores."""
