"""Load on one page of a server, by wrk on the second core, and what it cost."""

import re
import shutil
import subprocess
import time
from pathlib import Path

from benchmarks._serving import SECOND, Server, cpu_ms, forget_peak, on_core, peak_mb

CONNECTIONS = 8
SLOW = 0.25  # seconds; pages that take longer are asked for one after the other
# For wrk: another of so many articles each time.
MANY = """
local number = 0
request = function()
  number = (number + 7) % {pages}
  return wrk.format("GET", "/articles/article-" .. number .. "/")
end
"""
AT_LEAST = 3  # requests, however slow


def load(
    server: Server,
    path: str,
    seconds: float,
    *,
    script: Path | None = None,
    connections: int = CONNECTIONS,
    database: int | None = None,
) -> dict:
    """Ask for one page, or for those that a script of wrk names, as fast as it is answered.

    Answers CPU milliseconds of the server for a request, p50 and p99 of what the askers waited,
    bytes, and the worker's largest memory meanwhile; with the process of a database, its CPU too.
    """
    server.get(path)  # what is kept is kept, what is loaded late is loaded
    began = time.monotonic()
    status, size = server.get(path)
    slow = time.monotonic() - began > SLOW
    if status != 200:
        raise SystemExit(f"{path} answered {status}.")
    forget_peak(server.worker)
    processes = [server.master.pid, *([database] if database else [])]
    before = [cpu_ms(process) for process in processes]
    if shutil.which("wrk") and not slow:
        measured = _wrk(server, path, seconds, script, connections)
    else:
        measured = _one_by_one(server, path, seconds)
    requests = measured.pop("requests")
    used = [cpu_ms(p) - b for p, b in zip(processes, before, strict=True)]
    row = {"cpu_ms": round(used[0] / requests, 3), "bytes": size, "status": status, **measured}
    row["peak_mb"] = round(peak_mb(server.worker), 1)
    if database:
        row["database_cpu_ms"] = round(used[1] / requests, 3)
    return row


def _wrk(server, path, seconds, script, connections) -> dict:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    command += ["-s", str(script)] if script else []
    command.append(f"http://127.0.0.1:{server.port}{path}")
    done = subprocess.run(on_core(SECOND, command), capture_output=True, text=True, check=True)
    requests, latency = told_by_wrk(done.stdout)
    _settle(server)
    # Each connection leaves a request behind that is answered too, after wrk has stopped counting.
    return {"requests": requests + connections, **latency}


def told_by_wrk(text: str) -> tuple[int, dict[str, float]]:
    """The requests that wrk counted, and the milliseconds that half and 99 in 100 of them took."""
    latency = {
        f"p{share}_ms": _ms(found[1])
        for share in (50, 99)
        if (found := re.search(rf"^ +{share}% +(\S+) *$", text, re.MULTILINE))
    }
    return int(re.search(r"(\d+) requests in", text)[1]), latency


def _settle(server) -> None:
    """Wait until the server has nothing left to do."""
    last, still, ends = -1.0, 0, time.monotonic() + 20
    while still < 3 and time.monotonic() < ends:
        time.sleep(0.03)
        used = cpu_ms(server.master.pid)
        still = still + 1 if used == last else 0
        last = used


def _ms(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return round(float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit], 3)


def _one_by_one(server, path, seconds) -> dict:
    times, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends or len(times) < AT_LEAST:
        began = time.perf_counter()
        server.get(path)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return {
        "requests": len(times),
        "p50_ms": round(times[len(times) // 2], 3),
        "p99_ms": round(times[len(times) * 99 // 100], 3),
        "loader": "own, one connection",
    }
