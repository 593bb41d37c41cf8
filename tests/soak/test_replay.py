"""20,000 notices by date over a larger site; minutes, not seconds."""

import pytest

from tests.evidence.replay import replay

pytestmark = pytest.mark.django_db


def test_twenty_thousand_notices_reopen_exactly_the_claims_they_must(tmp_path):
    replay(tmp_path, notices=20_000, months=100, sources=2_000, claims=5_000, every=10)
