"""The files in deploy/ are taken by the programs that they are for, where those are installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def program(name: str) -> str:
    """Where a program is; the test is skipped on a machine without it."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"{name} is not installed here")
    return found


def run(*command) -> str:
    """What a command says; fails when the command does."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def test_nginx_takes_its_example(tmp_path):
    nginx, openssl = program("nginx"), program("openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    run(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=example.org",
        "-keyout", key, "-out", certificate)  # fmt: skip
    text = (DEPLOY / "nginx/evidence.conf").read_text()
    for path, own in {
        "/etc/ssl/example.org.pem": certificate,
        "/etc/ssl/example.org.key": key,
        "/var/cache/nginx/evidence": tmp_path / "cache",
        "/var/log/nginx/evidence.log": tmp_path / "log",
    }.items():
        assert path in text
        text = text.replace(path, str(own))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n")
    assert "test is successful" in run(nginx, "-t", "-c", whole, "-e", tmp_path / "errors")


def test_caddy_takes_its_example(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    file = DEPLOY / "caddy/Caddyfile"
    said = run(program("caddy"), "validate", "--adapter", "caddyfile", "--config", file)
    assert "Valid configuration" in said


def test_varnish_takes_its_example(tmp_path):
    run(program("varnishd"), "-C", "-n", tmp_path, "-f", DEPLOY / "nginx/purge.vcl")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_each_unit(unit, tmp_path):
    systemd = program("systemd-analyze")
    for other in UNITS:  # with programs that are there; the site's own are not installed here
        text = re.sub(r"/srv/evidence/.venv/bin/\w+", "/bin/true", other.read_text())
        (tmp_path / other.name).write_text(text)
    assert run(systemd, "verify", tmp_path / unit.name) == ""


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".service"], ids=lambda u: u.name)
def test_systemd_calls_no_unit_exposed(unit):
    run(program("systemd-analyze"), "security", "--offline=true", "--threshold=25", unit)
