"""/metrics: what the machine counted, and how long things wait, in Prometheus's text format."""

from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from claims.models import Flag, Report
from editorial.models import Appointment, Revision

from .metrics import ANSWERS, BUCKETS, COUNTERS, LAST_ROUND, ORIGINS, numbers

LOOPBACK = ("127.0.0.1", "::1")
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


@require_safe
def metrics(request):
    """Only for who knows METRICS_TOKEN or, where none is set, for this machine itself."""
    if not _may_read(request):
        raise Http404
    lines = [*_requests(), *_counters(), *_waiting()]
    answer = HttpResponse(
        "\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _may_read(request) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
    # A proxy on this machine has its address too; what it forwards says so.
    is_forwarded = any(name in request.META for name in _FORWARDED)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not is_forwarded


def _about(name: str, kind: str, text: str) -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]


def _requests() -> list[str]:
    found = numbers().read()
    lines = _about("site_requests_total", "counter", "Requests, by what answered them and how.")
    for origin in ORIGINS:
        for answer in ANSWERS:
            value = found[f"requests:{origin}:{answer}"]
            lines.append(f'site_requests_total{{origin="{origin}",answer="{answer}"}} {value:.0f}')
    lines += _about("site_request_seconds", "histogram", "How long an answer took to make.")
    for origin in ORIGINS:
        so_far = 0.0
        for bound in BUCKETS:
            so_far += found[f"bucket:{origin}:{bound}"]
            lines.append(
                f'site_request_seconds_bucket{{origin="{origin}",le="{bound}"}} {so_far:.0f}'
            )
        count = sum(found[f"requests:{origin}:{answer}"] for answer in ANSWERS)
        lines += [
            f'site_request_seconds_bucket{{origin="{origin}",le="+Inf"}} {count:.0f}',
            f'site_request_seconds_sum{{origin="{origin}"}} {found[f"seconds:{origin}"]:.6f}',
            f'site_request_seconds_count{{origin="{origin}"}} {count:.0f}',
        ]
    return lines


def _counters() -> list[str]:
    found, lines = numbers().read(), []
    for name, text in COUNTERS.items():
        lines += _about(f"site_{name}_total", "counter", text)
        lines.append(f"site_{name}_total {found[name]:.0f}")
    lines += _about("site_last_round_timestamp_seconds", "gauge", "When the last round ran.")
    lines.append(f"site_last_round_timestamp_seconds {found[LAST_ROUND]:.0f}")
    return lines


def _waiting() -> list[str]:
    """How many wait in each queue, and since when the one that waits longest."""
    now = timezone.now()
    lines = _about("site_database_up", "gauge", "1 while the primary database answers.")
    try:
        queues = _queues(now)
    except DatabaseError:
        return [*lines, "site_database_up 0"]
    lines.append("site_database_up 1")
    lines += _about("site_queue_length", "gauge", "What waits in a queue.")
    lines += [f'site_queue_length{{queue="{n}"}} {count}' for n, (count, _) in queues.items()]
    lines += _about("site_queue_oldest_seconds", "gauge", "For how long the oldest has waited.")
    for name, (_, since) in queues.items():
        age = max(0.0, (now - since).total_seconds()) if since else 0.0
        lines.append(f'site_queue_oldest_seconds{{queue="{name}"}} {age:.0f}')
    return lines


def _queues(now) -> dict[str, tuple[int, datetime | None]]:
    waiting = {
        "flags": Flag.objects.open().aggregate(n=Count("pk"), since=Min("raised_at")),
        "reports": Report.objects.filter(closed_at=None).aggregate(
            n=Count("pk"), since=Min("asked_at")
        ),
        "review": Revision.objects.filter(state=Revision.State.IN_REVIEW).aggregate(
            n=Count("pk"), since=Min("submitted_at")
        ),
        "schedule": Appointment.objects.due(now).aggregate(n=Count("pk"), since=Min("at")),
    }
    return {name: (found["n"], found["since"]) for name, found in waiting.items()}
