"""A small library, made through the project's own actions, and what these tests ask of it."""

import pytest
from django.db import transaction

from search import engine, spelling
from tests import factories


@pytest.fixture(autouse=True)
def _fresh_vocabulary():
    """No test is helped by words that another one published."""
    spelling.vocabulary.forget()


@pytest.fixture
def titles(db):
    """A function: the titles found for a query, in order."""
    return lambda text, **options: [r.title for r in engine.search(text, **options).results]


@pytest.fixture(scope="module")
def _library(django_db_setup, django_db_blocker):
    """Publishing goes the whole way each time, so the library is made once for each module."""
    with django_db_blocker.unblock(), transaction.atomic():
        for kind, fields in LIBRARY:
            factories.published_page(kind, **fields)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def library(_library, db):
    """Five conditions, two therapies and four articles, all published."""


LIBRARY = [
    (
        "condition",
        {
            "title": "Systemic lupus erythematosus",
            "other_names": ["lupus", "SLE", "systemic lupus", "lupus nephritis"],
            "symptoms": ["a butterfly-shaped rash over nose and cheeks"],
        },
    ),
    (
        "condition",
        {
            "title": "Sjögren's disease",
            "other_names": ["Sjögren's syndrome", "pSS"],
            "loose_names": ["sicca syndrome"],
            "summary": "Dry eyes and a dry mouth.",
        },
    ),
    (
        "condition",
        {
            "title": "Ankylosing spondylitis",
            "other_names": ["axial spondyloarthritis", "axSpA"],
            "loose_names": ["AS"],
        },
    ),
    (
        "condition",
        {"title": "Coeliac disease", "other_names": ["celiac"], "loose_names": ["CD"]},
    ),
    (
        "condition",
        {"title": "Crohn's disease", "other_names": ["Crohn"], "loose_names": ["CD"]},
    ),
    (
        "therapy",
        {
            "title": "CAR-T cells (CD19, BCMA)",
            "other_names": ["CAR-T", "chimeric antigen receptor T cells"],
            "form": "cell therapy",
        },
    ),
    (
        "therapy",
        {
            "title": "Rituximab and other B-cell depletion",
            "other_names": ["rituximab", "anti-CD20"],
            "form": "biologic",
        },
    ),
    (
        "article",
        {
            "title": "Planning a family with lupus",
            "summary": "What to talk over beforehand.",
            "body": "<p>Many people plan early. A clinic may give a leaflet.</p>",
        },
    ),
    (
        "article",
        {
            "title": "Days at work",
            "body": "<p>She wrote about SLE and a desk by the window.</p>",
        },
    ),
    (
        "article",
        {
            "title": "Sleeping well",
            "body": "<p>People with lupus told us what they do at night.</p>",
            "tags": ["daily life"],
        },
    ),
    (
        "article",
        {
            "title": "Systemic lupus erythematosus",
            "body": "<p>A reader asked for a longer read about her tumour of the eyelid.</p>",
        },
    ),
]
