"""Whatever happens on the desk, no reader is shown from memory what is no longer so.

One fixed walk over every kind of change; tests/soak/test_page_cache.py walks at random.
"""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from editorial import freshness

from .cache_machine import Readers

# (rule, its choices): each kind of change at least once, most of them granted.
WALK = [
    ("write", {"kind": "article", "title": "Pacing", "tags": ["rest"], "words": 1, "cited": 1,
               "page": 3, "goes_on": 1}),
    ("question", {"claim": 0, "reason": "other"}),
    ("answer", {"claim": 0, "outcome": "supported", "source": 0}),
    ("take_back", {"decision": 0}),
    ("ask_about", {"page": 2, "sentence": "Rest may help some people with lupus."}),
    ("assess", {"therapy": 0, "condition": 0, "source": 1, "certainty": "low"}),
    ("edit_source", {"source": 0, "title": "Sleep", "about": 1}),
    ("write", {"kind": "article", "title": "Lupus", "tags": ["sleep", "rest"], "words": 2,
               "cited": 2, "page": 4, "goes_on": 3}),
    ("notice", {"source": 0, "kind": "retraction"}),
    ("cite_on_purpose", {"page": 2, "source": 0, "takes_back": 0}),
    ("write", {"kind": "condition", "title": "Lupus", "tags": ["sleep"], "words": 4, "cited": 0,
               "page": 1, "goes_on": 0}),
    ("write", {"kind": "therapy", "title": "Pacing", "tags": [], "words": 3, "cited": 1,
               "page": 3, "goes_on": 4}),
    ("look_in_vain", {"therapy": 1, "condition": 0}),
    ("answer", {"claim": 1, "outcome": "reword", "source": 0}),
    ("write", {"kind": "article", "title": "Sleep", "tags": ["rest"], "words": 3, "cited": 2,
               "page": 1, "goes_on": 4}),
    ("describe", {"claim": 0, "direction": "harm"}),
    ("review", {"page": 2}),
    ("cite_on_purpose", {"page": 0, "source": 0, "takes_back": 1}),
    ("notice", {"source": 0, "kind": "reinstatement"}),
    ("new_source", {}),
    ("merge", {"one": 0, "other": 1}),
    ("check_again", {}),
    ("wait", {"days": 400}),
    ("withdraw", {"page": 1, "instead": 2}),
    ("write", {"kind": "article", "title": "Rest", "tags": [], "words": 1, "cited": 0,
               "page": 1, "goes_on": 0}),
]  # fmt: skip
GRANTED = 15


@pytest.fixture(autouse=True)
def _one_connection():
    """The test's own connection serves every request."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.django_db
def test_after_every_change_a_page_from_memory_equals_one_made_anew():
    Readers.kept.clear()
    Readers.done.clear()
    readers = Readers()
    try:
        readers.begin()
        readers.every_reader_sees_what_is_so_now()
        for rule, choices in WALK:
            getattr(readers, rule)(**choices)
            readers.every_reader_sees_what_is_so_now()
    finally:
        readers.teardown()
    assert sum(readers.done.values()) >= GRANTED, readers.done
    assert readers.kept["kept"] > 500


@pytest.mark.django_db
def test_the_walk_notices_a_change_that_marks_nothing(monkeypatch):
    readers = Readers()
    try:
        readers.begin()
        readers.every_reader_sees_what_is_so_now()
        monkeypatch.setattr(freshness, "_listeners", [])
        readers.question(claim=0, reason="other")
        with pytest.raises(AssertionError):
            readers.every_reader_sees_what_is_so_now()
    finally:
        readers.teardown()
