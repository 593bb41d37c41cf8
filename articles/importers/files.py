"""From paths on the command line to files that may be read, in a fixed order."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .article import MAX_FILE_BYTES, Unreadable


@dataclass(frozen=True, slots=True)
class Found:
    """A path to read, the name it is known by, or why it is not to be read (`problem`)."""

    path: Path
    name: str
    problem: str = ""


def find(paths: Iterable[str | Path]) -> Iterator[Found]:
    """Every file under `paths`, folders walked in sorted order, each file once.

    Hidden files are passed over. A path that does not exist, or a link that leads out of the
    folder, comes with its `problem`. The name is the file's own with its folder before it, so
    that it stays the same whether the folder or the file is given.
    """
    seen: set[Path] = set()
    for given in map(Path, paths):
        for found in _under(given):
            real = Path(os.path.realpath(found.path))
            if real not in seen or found.problem:
                seen.add(real)
                yield found


def _under(given: Path) -> Iterator[Found]:
    absolute = Path(os.path.abspath(given))
    name = f"{absolute.parent.name}/{absolute.name}".lstrip("/")
    if not os.path.lexists(given):
        yield Found(given, str(given), "There is no such file or folder.")
    elif given.is_dir():
        yield from _walk(absolute)
    else:
        yield Found(given, name)


def _walk(top: Path) -> Iterator[Found]:
    real_top = Path(os.path.realpath(top))
    refused: list[OSError] = []
    for folder, subfolders, files in os.walk(top, onerror=refused.append):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        linked = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        for name in sorted([*files, *linked]):
            path = Path(folder) / name
            if name.startswith("."):
                continue
            shown = f"{top.name}/{path.relative_to(top).as_posix()}"
            outside = path.is_symlink() and not _is_inside(path, real_top)
            if outside:
                yield Found(path, shown, "This is a link that leads out of the folder.")
            elif name not in linked:
                yield Found(path, shown)
    for error in refused:
        yield Found(Path(error.filename), str(error.filename), _why(error))


def _is_inside(path: Path, real_top: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(real_top)


def load(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; raises Unreadable otherwise.

    The size is asked before anything is read, and the read itself is bounded too.
    """
    check(path, limit)
    try:
        with open(path, "rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise Unreadable(_why(error)) from None
    if len(data) > limit:
        raise Unreadable(_too_large(len(data), limit))
    return data


def check(path: Path, limit: int | None) -> None:
    """Raise Unreadable unless `path` is a regular file of at most `limit` bytes."""
    try:
        status = os.stat(path)
    except OSError as error:
        raise Unreadable(_why(error)) from None
    # Opening a pipe or a device could wait for ever.
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("This is not an ordinary file.")
    if limit is not None and status.st_size > limit:
        raise Unreadable(_too_large(status.st_size, limit))


def _too_large(size: int, limit: int) -> str:
    megabyte = 1024 * 1024
    return (
        f"The file is too large: {size / megabyte:.1f} MB, where {limit / megabyte:.0f} MB "
        "is the limit. Split it into one file for each article."
    )


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "There is no such file or folder."
    if isinstance(error, PermissionError):
        return "Permission to read this was refused."
    if isinstance(error, IsADirectoryError):
        return "This is a folder, not a file."
    return f"It could not be read: {error.strerror or 'unknown error'}."
