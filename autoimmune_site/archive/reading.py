"""Reading an archive, and proving that it is whole before anything is replaced."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from editorial import audit
from editorial.models import Event

from . import ArchiveError, tables
from .writing import CHUNK


class Archive:
    """An open archive; `manifest` is what it says of itself. Use it in a `with`."""

    def __init__(self, path: Path):
        """Open it. Raises ArchiveError for anything but an archive of this site."""
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = json.loads(self._zip.read(tables.MANIFEST))
        except OSError as error:
            raise ArchiveError(f"{path} cannot be read: {error.strerror or error}.") from error
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            raise ArchiveError(f"{path} is no whole backup of this site: {error}.") from error
        if self.manifest.get("format") != tables.FORMAT:
            raise ArchiveError(f"{path} is of a format that this release does not know.")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._zip.close()

    def verify(self) -> None:
        """Compare every part with the manifest and walk the audit log's chain.

        Raises ArchiveError with the first thing that is wrong.
        """
        try:
            self._verify_parts()
        except (zipfile.BadZipFile, EOFError, ValueError) as error:
            raise ArchiveError(f"{self.path} is damaged: {error}.") from error
        verdict = audit.verify(events=self._events())
        if verdict.broken:
            raise ArchiveError(
                f"The audit log in {self.path} was altered: event {verdict.broken.pk}: "
                f"{verdict.why}. The {verdict.sound} events before it are sound."
            )
        if verdict.head != (self.manifest["audit_head"] or audit.GENESIS):
            raise ArchiveError(f"The audit log in {self.path} does not end as its manifest says.")

    def _verify_parts(self) -> None:
        expected = {
            f"rows/{label}.jsonl": (f"the rows of {label}", about["sha256"])
            for label, about in self.manifest["tables"].items()
        }
        for name, digest in self.manifest["files"].items():
            if not is_plain(name):
                raise ArchiveError(f"{self.path} holds a file outside its folder: {name}.")
            expected[tables.MEDIA + name] = (name, digest)
        there = set(self._zip.namelist()) - {tables.MANIFEST}
        for name in sorted(there ^ set(expected)):
            what = "is missing from" if name in expected else "does not belong in"
            raise ArchiveError(f"{name} {what} {self.path}.")
        for name, (what, digest) in expected.items():
            if self._digest(name) != digest:
                raise ArchiveError(f"{what} in {self.path} differ from what was written.")

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        with self._zip.open(name) as file:
            while data := file.read(CHUNK):
                digest.update(data)
        return digest.hexdigest()

    def _events(self) -> Iterator[Event]:
        names = self.columns(Event)
        return (Event(**dict(zip(names, row, strict=True))) for row in self.rows(Event))

    def columns(self, model) -> list[str]:
        """The columns of a model's rows, as they were written."""
        return self.manifest["tables"][model._meta.label]["columns"]

    def rows(self, model) -> Iterator[list]:
        """A model's rows as Python values, in the order of `columns`."""
        by_name = {field.attname: field for field in tables.fields(model)}
        fields = [by_name[name] for name in self.columns(model)]
        with self._zip.open(tables.member(model)) as file:
            for line in file:
                values = json.loads(line)
                yield [tables.decode(f, v) for f, v in zip(fields, values, strict=True)]

    def open_file(self, name: str):
        """One of the uploaded files, for reading."""
        return self._zip.open(tables.MEDIA + name)

    @property
    def row_count(self) -> int:
        """Rows of all tables together."""
        return sum(about["rows"] for about in self.manifest["tables"].values())


def is_plain(name: str) -> bool:
    """Whether a file's name stays inside its folder."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and name != ""
