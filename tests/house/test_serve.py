import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def serve(*arguments, **environment):
    """Run deploy/serve.py to its end, on the site's own settings and these variables."""
    kept = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "deploy/serve.py", *arguments],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_taken_port_is_named_with_a_way_out():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = serve("--check-port", PORT=str(port))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is in use by another program.")
    assert "make run PORT=" in done.stderr


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1", "8000.5"])
def test_an_odd_port_is_refused(port):
    done = serve("--check-port", PORT=port)
    assert done.returncode == 1
    assert f"PORT is “{port}”" in done.stderr


def test_a_free_port_is_accepted():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert serve("--check-port", PORT=str(port)).returncode == 0


def test_when_one_part_fails_the_other_ends_and_the_failure_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    done = serve(PORT=str(port), DEBUG="perhaps")
    assert done.returncode == 1
    assert "has ended by itself" in done.stderr
    assert "DEBUG" in done.stderr
