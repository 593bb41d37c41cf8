"""Servers that a benchmark starts, loads and reads the costs of; only on Linux, from /proc."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
FIRST, SECOND = "0", "1"  # cores: what is measured runs on the first, what loads it on the second
NGINX = """
worker_processes 1;
worker_cpu_affinity 0001;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  proxy_cache_path {folder}/kept keys_zone=kept:1m;
  proxy_temp_path {folder}/proxied;
  client_body_temp_path {folder}/sent;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{site};
      proxy_set_header Host 127.0.0.1;
      proxy_cache kept;
      proxy_cache_valid 200 1h;
      proxy_ignore_headers Cache-Control;
    }}
  }}
}}
"""


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def on_core(core: str, command: list[str]) -> list[str]:
    """The command, kept to one core where that can be done."""
    if shutil.which("taskset") and os.cpu_count() > 1:
        return ["taskset", "-c", core, *command]
    return command


def children_of(process: int) -> list[int]:
    """The processes that this one started and that still run."""
    children = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in children.read_text().split()]


def cpu_ms(process: int) -> float:
    """Milliseconds of CPU of a process, of those that it started and of those that have ended."""
    used = sum(_ticks(process, 11, 15)) * 1000 / TICK
    for child in children_of(process):
        try:
            used += sum(_ticks(child, 11, 13)) * 1000 / TICK
        except FileNotFoundError:
            continue  # it has just ended
    return used


def _ticks(process: int, first: int, last: int) -> Iterator[int]:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return map(int, fields[first:last])


def peak_mb(process: int) -> float:
    """The most memory that a process has held since it began, or since `forget_peak`."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def forget_peak(process: int) -> None:
    """Let the peak of a process begin again with what it holds now."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def shared_mb(process: int) -> float:
    """Memory of a process and of those that it started; what they share is counted once."""
    total = 0
    for each in (process, *children_of(process)):
        text = Path(f"/proc/{each}/smaps_rollup").read_text()
        total += int(re.search(r"Pss:\s+(\d+)", text)[1])
    return total / 1024


class Server:
    """gunicorn with the site's own settings and one worker, on the first core.

    `env` is added to this process's; `python` and `home` are those of another site; `settings` is
    another gunicorn.conf.py. `start_seconds` is the time until the first answer.
    """

    def __init__(
        self,
        application: str,
        env: dict,
        *,
        python: str = sys.executable,
        home: Path = HOME,
        settings: Path = HOME / "gunicorn.conf.py",
    ):
        self.port = free_port()
        command = on_core(FIRST, [python, "-m", "gunicorn", "-c", str(settings), application])
        whole = os.environ | {"WEB_CONCURRENCY": "1"} | env
        whole |= {"PORT": str(self.port), "PYTHONPATH": str(home)}
        began = time.monotonic()
        self.master = subprocess.Popen(command, cwd=home, env=whole, stderr=subprocess.DEVNULL)
        self._wait(began, 60)
        self.start_seconds = time.monotonic() - began

    def _wait(self, began: float, seconds: int) -> None:
        while not self._answers():
            if self.master.poll() is not None or time.monotonic() - began > seconds:
                self.stop()
                raise OSError(f"{self.master.args[-1]} did not start")
            time.sleep(0.02)

    @property
    def worker(self) -> int:
        """The first worker that runs now."""
        while not (children := children_of(self.master.pid)):
            time.sleep(0.02)  # one has ended, the next has not begun
        return children[0]

    def _answers(self) -> bool:
        try:
            return self.get("/")[0] in (200, 404)
        except OSError:
            return False

    def get(self, path: str) -> tuple[int, int]:
        """(status, bytes) of one answer."""
        status, _, body = self.whole(path)
        return status, len(body)

    def whole(self, path: str) -> tuple[int, list, bytes]:
        """(status, headers, body) of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), body

    def stop(self) -> None:
        """End it and wait."""
        self.master.send_signal(signal.SIGTERM)
        try:
            self.master.wait(20)
        except subprocess.TimeoutExpired:
            self.master.kill()
            self.master.wait()


class Nginx(Server):
    """nginx with one worker on the first core, its own cache in front of a site."""

    def __init__(self, folder: Path, site: Server):
        self.port = free_port()
        folder.chmod(0o755)  # its worker may be another account
        written = NGINX.format(folder=folder, port=self.port, site=site.port)
        (folder / "nginx.conf").write_text(written)
        command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        began = time.monotonic()
        self.master = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        self._wait(began, 10)
        self.start_seconds = time.monotonic() - began
