"""The benchmarks' own counting and reading, without a load."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from benchmarks._load import told_by_wrk
from benchmarks._plot import draw
from benchmarks._queries import asked

ROOT = Path(__file__).resolve().parents[2]
# Half a percentage of its own stands before the list of those that are wanted.
WRK = """Running 1s test @ http://127.0.0.1:8000/
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.29ms    1.07ms  14.02ms   79.50%
    Req/Sec   145.20     12.11   180.00     64.99%
  Latency Distribution
     50%  990.00us
     75%    2.61ms
     90%    3.34ms
     99%    1.02s 
  1452 requests in 1.00s, 3.10MB read
Requests/sec:   1449.87
"""  # noqa: W291 (so wrk ends that line)


def test_what_wrk_says_is_read_by_its_own_lines():
    assert told_by_wrk(WRK) == (1452, {"p50_ms": 0.99, "p99_ms": 1020.0})


def test_queries_are_counted_while_an_answer_is_made(db):
    def site(environ, start_response):
        start_response("200 OK" if environ["QUERY_STRING"] == "q=a" else "404 Not Found", [])
        with connection.cursor() as cursor:
            for _ in range(3):
                cursor.execute("SELECT 1")
        return [b""]

    assert asked(site, "/?q=a") == 3
    with pytest.raises(SystemExit, match="/ answered 404"):
        asked(site, "/")


def test_a_run_that_did_not_measure_a_line_is_left_out_of_it():
    runs = [
        {"at": "then", "pages": 200, "results": {"cached article": {"cpu_ms": 0.2}}},
        {"at": "now", "pages": 200, "results": {"wagtail uncached article": {"cpu_ms": 9.0}}},
    ]
    picture = draw(runs)
    assert "cached article: 0.2 ms of CPU" in picture
    assert "wagtail uncached article: 9.0 ms of CPU" in picture
    assert picture.count("<rect") == 2


@pytest.mark.parametrize("script", ["pages.py", "workers.py"])
def test_a_benchmark_explains_itself(script):
    command = [sys.executable, str(ROOT / "benchmarks" / script), "--help"]
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert "--folder" in said
