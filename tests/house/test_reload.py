"""New code in place of the old while the site is asked all the time: nobody loses a request."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.browser.site_server import free_port
from tests.prepared_database import migrated_copy
from tests.replication import wait_until

ROOT = Path(__file__).resolve().parents[2]


class Load:
    """Readers that ask without a pause, each time by a new connection."""

    def __init__(self, port: int, readers: int = 3):
        self.port = port
        self.answered, self.failed = 0, []
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._ask) for _ in range(readers)]
        for thread in self.threads:
            thread.start()

    def _ask(self):
        while not self.ended.is_set():
            problem = problem_with(self.port, "/", b"</html>", seconds=20)
            with self.lock:
                self.answered += 1
                if problem:
                    self.failed.append(problem)

    def stop(self):
        self.ended.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def server(tmp_path):
    """A running gunicorn with two workers: its port, pid file and environment."""
    port, pid_file = free_port(), tmp_path / "gunicorn.pid"
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{migrated_copy(tmp_path / 'db.sqlite3')}",
        "DEBUG": "true",
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "autoimmune_site.settings",
    }
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("gunicorn"), "--pid", str(pid_file)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    wait_until(lambda: answers(port), "the site answers", 60)
    yield port, pid_file
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def answers(port: int) -> bool:
    return problem_with(port, "/healthz", b"ok", seconds=5) is None


def problem_with(port: int, path: str, ends: bytes, seconds: float) -> str | None:
    """What is wrong with the answer to one request, on a connection of its own."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)) as connection:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            is_whole = answer.read().rstrip().endswith(ends)
        except (OSError, http.client.HTTPException) as error:
            return repr(error)
    return None if is_whole and answer.status == 200 else f"status {answer.status}"


def reload(pid_file: Path, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "deploy/reload.py", str(pid_file)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_reload_loses_no_request(server, tmp_path):
    import socket

    port, pid_file = server
    before = int(pid_file.read_text())
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        load = Load(port)
        done = reload(pid_file, NOTIFY_SOCKET=str(tmp_path / "notify"))
        if done.returncode:
            load.stop()
            pytest.fail(done.stderr)
        seen = load.answered
        wait_until(lambda: load.answered > seen + 20, "readers are answered by the new one")
        load.stop()
        told = systemd.recv(100).decode()
    wait_until(lambda: pid_file.exists(), "the pid file is the new one's")
    after = int(pid_file.read_text())
    assert after != before and told == f"MAINPID={after}\nREADY=1"
    assert load.failed == [] and load.answered > 30
    os.kill(after, signal.SIGTERM)


def test_a_worker_that_is_killed_is_replaced_and_others_answer(server):
    port, pid_file = server
    master = int(pid_file.read_text())
    children = Path(f"/proc/{master}/task/{master}/children")
    before = children.read_text().split()
    os.kill(int(before[0]), signal.SIGKILL)
    wait_until(
        lambda: len(children.read_text().split()) == 2 and children.read_text().split() != before,
        "a new worker stands in for it",
    )
    began = time.monotonic()
    assert all(answers(port) for _ in range(10)) and time.monotonic() - began < 20


def test_without_a_running_server_it_says_so(tmp_path):
    done = reload(tmp_path / "none.pid")
    assert done.returncode == 1 and "No running server is named" in done.stderr
