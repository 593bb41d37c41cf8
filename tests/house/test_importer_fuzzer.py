"""Broken files for every importer: a small fixed budget here, a longer one under `make fuzz`."""

import pytest

from articles.importers import reading
from tests.fuzz import importers

ROUNDS, SEED = 300, 8


def test_broken_files_give_articles_or_one_plain_sentence():
    importers.run(ROUNDS, SEED)


def test_an_importer_that_breaks_or_lets_script_through_is_noticed(monkeypatch, tmp_path):
    def breaks(data, name):
        raise ValueError("inside")

    monkeypatch.setitem(reading.READERS, ".txt", breaks)
    with pytest.raises(AssertionError, match="seed 8, round"):
        importers.run(ROUNDS, SEED)
    article = next(reading.read_all(b"# Rest\n\nIt helps.", "a.md"))
    script = {f: getattr(article, f) for f in article.__slots__} | {"body_html": "<script>"}
    monkeypatch.setitem(reading.READERS, ".md", lambda *_: type(article)(**script))
    with pytest.raises(AssertionError):
        importers.hold("a.md", b"", tmp_path)
