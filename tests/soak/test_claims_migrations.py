"""Claims, published texts and corrections that were there before get what is new; on both
databases, a minute or two."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BACK_AND_FORTH = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from claims import actions, corrections
from claims.models import Claim, Correction
from editorial import actions as page_actions
from tests import factories

BOLD = "Stem cell therapy is a proven, guaranteed cure for lupus."
call_command("migrate", verbosity=0)
people = factories.people()
page = factories.published_page(title="Cures", body=f"<p>{BOLD}</p>")
claim = page.claims.get(sentence=BOLD)
actions.raise_flag(claim, by=people.editor, reason="overstated", explanation="No cure.")
actions.decide(claim, by=people.moderator, outcome="reword", reason="No trial shows it.")
newer = factories.draft(page=page, title="Cures", body="<p>No cure of lupus is known.</p>")
page_actions.submit(newer, by=people.author)
factories.decide_all(newer)
page_actions.publish(page_actions.approve(newer, by=people.reviewer), by=people.editor)
assert Correction.objects.count() == 1
call_command("migrate", "claims", "0004", verbosity=0)
call_command("migrate", verbosity=0)
claim = Claim.objects.get(pk=claim.pk)
assert claim.wording_key and claim.front_key and claim.direction == "benefit", claim.direction
page.refresh_from_db()
seen = corrections.last_seen(page)
assert seen.revision_id == newer.pk, seen.revision_id
assert "No cure of lupus is known." in [row[0] for row in corrections.seen_sentences(seen)]
made = Correction.objects.get()
assert made.claim_id == claim.pk and made.previous_hash == corrections.GENESIS
assert corrections.first_broken_correction() is None
print("back and forth on", connection.vendor)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    """An empty database's kind and address."""
    if request.param == "sqlite":
        return request.param, "sqlite://:memory:"
    return request.param, request.getfixturevalue("postgres_url")


def test_what_was_there_before_gets_what_is_new(database):
    kind, url = database
    done = subprocess.run(
        [sys.executable, "-c", BACK_AND_FORTH],
        env=os.environ | {"TEST_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.stdout.endswith(f"back and forth on {kind}\n"), done.stderr
