"""Put new code in place of the old while the site serves: no request is lost.

    deploy/reload.py /run/evidence/gunicorn.pid

Start it by `.venv/bin/gunicorn`, not by `python -m gunicorn`, which cannot start itself again.
With `preload_app` gunicorn's own HUP would start new workers of the old code. So the running master
is asked to start a second one beside it (USR2), on the same sockets. Once the new one's workers
answer, the old one's end their requests and go; if they never do, the new one is ended and the
old goes on as if nothing had happened.
"""

import os
import signal
import socket
import sys
import time
from pathlib import Path

SECONDS_TO_START = 60
SECONDS_TO_STOP = 60


def read_pid(path: Path) -> int | None:
    """The process that a pid file names, if it lives."""
    try:
        pid = int(path.read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in text.split()]


def wait(is_so, seconds: float) -> bool:
    """Whether it became so within the seconds."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def reload(pid_file: Path) -> str:
    """Replace the running master; answers what was done. Exits with a sentence when it cannot."""
    old = read_pid(pid_file)
    if old is None:
        sys.exit(f"No running server is named in {pid_file}.")
    beside = pid_file.with_name(pid_file.name + ".2")
    workers = len(children(old))
    os.kill(old, signal.SIGUSR2)
    if not wait(lambda: read_pid(beside) not in (None, old), SECONDS_TO_START):
        sys.exit("The new server did not start; the old one goes on. Its log says why.")
    new = read_pid(beside)
    if not wait(lambda: _is_ready(new, workers), SECONDS_TO_START):
        if read_pid(beside) == new:
            os.kill(new, signal.SIGTERM)
        sys.exit("The new server did not come up; the old one goes on. Its log says why.")
    tell_systemd(new)
    os.kill(old, signal.SIGTERM)
    if not wait(lambda: not _lives(old), SECONDS_TO_STOP):
        sys.exit(f"The new server ({new}) answers, but the old one ({old}) has not ended.")
    return f"Server {new} has taken over from {old}."


def tell_systemd(pid: int) -> None:
    """Say which process is the unit's main one now, where systemd has started us."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(f"MAINPID={pid}\nREADY=1".encode(), address)


def _is_ready(pid: int, workers: int) -> bool:
    """Whether its workers, which are forked only once the code is loaded, all stand."""
    return len(children(pid)) >= max(1, workers - 1)


def _lives(pid: int) -> bool:
    """Whether a process goes on; one that has ended and waits to be noticed does not."""
    try:
        os.kill(pid, 0)
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the pid file: deploy/reload.py /run/evidence/gunicorn.pid")
    print(reload(Path(sys.argv[1])))
