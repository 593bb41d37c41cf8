"""Ten thousand readers' reports: nothing is lost, and the moderators' queue stays what it was."""

import pytest

from claims import actions, reporting
from claims.models import Claim, Flag, QueueItem, Report
from tests import factories

pytestmark = pytest.mark.django_db

SENTENCES = [f"Salt lowers pain in group {n}." for n in range(1, 6)]
REASONS = ["unclear", "overstated", "no_source", "other"]


def test_ten_thousand_reports_are_five_rows_and_one_answer_closes_each(
    people, client, django_assert_max_num_queries
):
    page = factories.published_page(body="".join(f"<p>{s}</p>" for s in SENTENCES))
    for number in range(10_000):
        reporting.report(
            page,
            sentence=SENTENCES[number % 5],
            reason=REASONS[number % 4],
            text="<b>Why?</b> http://spam.example",
            form_key=f"form-{number}",
        )
    assert Report.objects.count() == 10_000
    assert Flag.objects.open().count() == QueueItem.objects.count() == 5
    client.force_login(people.moderator)
    client.get("/admin/moderation/")
    with django_assert_max_num_queries(12):
        html = client.get("/admin/moderation/").content.decode()
    assert "2000 readers asked" in html and "spam.example" not in html
    for claim in Claim.objects.filter(queue_item__isnull=False):
        desk = client.get(f"/admin/moderation/{claim.pk}/").content.decode()
        assert "2000 in all" in desk and "<b>Why?" not in desk
        actions.decide(claim, by=people.moderator, outcome="nothing_wrong", reason="Read.")
    assert not Report.objects.filter(state="waiting").exists()
