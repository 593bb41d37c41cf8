"""Serve the site on this machine: gunicorn and the scheduler side by side, ended together.

`make run` calls it. With --check-port it only tells whether the port is free.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

HOST = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 15


def port_number() -> int:
    """The port from PORT, 8000 without one; exits with a sentence when it is no port."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        sys.exit(f"PORT is “{text}”. Set it to a whole number from 1 to 65535.")
    return int(text)


def refuse_a_taken_port(port: int) -> None:
    """Exit with a sentence when nothing can listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            sys.exit(f"Port {port} may be used by root only. Choose another: make run PORT=8080")
        except OSError:
            other = port + 1 if port < 65535 else 8000
            sys.exit(
                f"Port {port} is in use by another program. Stop that program, "
                f"or choose another port: make run PORT={other}"
            )


def start(*arguments: str) -> subprocess.Popen:
    """Start Python with these arguments in a session of its own, out of reach of Ctrl-C."""
    return subprocess.Popen([sys.executable, *arguments], start_new_session=True)


def stop(processes: dict[str, subprocess.Popen]) -> None:
    """End the processes and all that they started; force it after SECONDS_TO_STOP."""
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answers(port: int) -> bool:
    """Whether the site says that it is alive."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def watch(processes: dict[str, subprocess.Popen], port: int) -> None:
    """Announce the site once it answers; exit when one of the processes, or our caller, ends."""
    caller = os.getppid()
    deadline = time.monotonic() + SECONDS_TO_START
    announced = False
    while True:
        for name, process in processes.items():
            if process.poll() is not None:
                sys.exit(f"{name} has ended by itself; its last message stands above.")
        if os.getppid() != caller:
            sys.exit("Ended, since the program that started this one has ended.")
        if not announced and answers(port):
            announced = True
            print(f"The site is at http://{HOST}:{port} (Ctrl-C ends it)", flush=True)
        if not announced and time.monotonic() > deadline:
            sys.exit(f"The site gave no answer on port {port} in {SECONDS_TO_START} seconds.")
        time.sleep(1 if announced else 0.1)


def main() -> None:
    """Check the port, then serve until a signal or the end of either process."""
    port = port_number()
    refuse_a_taken_port(port)
    if "--check-port" in sys.argv:
        return
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    processes: dict[str, subprocess.Popen] = {}
    try:
        processes["The web server"] = start("-m", "gunicorn")
        processes["The scheduler"] = start("manage.py", "publish_scheduled", "--every", "60")
        watch(processes, port)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stop(processes)


if __name__ == "__main__":
    main()
