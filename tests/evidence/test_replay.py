"""2,000 notices by date reopen exactly the claims they must (20,000 in tests/soak)."""

import pytest

from tests.evidence.replay import replay

pytestmark = pytest.mark.django_db


def test_years_of_notices_reopen_exactly_the_claims_they_must(tmp_path):
    replay(tmp_path, notices=2_000, months=8, sources=250, claims=500)
