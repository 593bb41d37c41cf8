"""The network: it reads what is in doubt, in a bounded time, and names the words that it heeds."""

import subprocess
import sys

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.checker import check, engine
from claims.checker.learned import network
from claims.checker.learned.model import SCALE
from claims.checker.learned.network import MOST_PIECES, NETWORK, read
from claims.checker.learned.pieced import Pieced
from claims.checker.learned.pieces import LONGEST, Pieces
from claims.checker.training.blend import blend
from claims.checker.training.writing import OF_A_PLACE, PLACES, restored, write
from tests.claims.test_checker_any_text import TEXTS

# Neither says anything that a list of phrases would know.
BOLD = "The powder talked her immune system down from the ledge."
PLAIN = "The committee wrote to the trust about the parking at the clinic in May."

# Of this the rows are sure: an aim is no claim.
SURE = "The aim of this leaflet is to describe how the clinic keeps its records."


@pytest.fixture(autouse=True)
def _nothing_kept():
    network.forget()


def test_what_the_rows_are_in_doubt_about_it_decides_and_quotes_the_words_it_heeds():
    assert check(BOLD, closely=False).findings == []
    (found,) = check(BOLD).findings
    assert found.rule.startswith("learned-") and found.triggers
    for start, end in found.triggers:
        assert f"“{BOLD[start:end]}”" in found.reason
    assert check(PLAIN).findings == []


def test_what_each_piece_adds_adds_up_to_the_answers():
    (alone,) = read([BOLD])
    ends = alone.answers - alone.shares.sum(axis=0)
    assert len(alone.pieces) == len(alone.shares) and numpy.isfinite(ends).all()
    words = [BOLD.lower()[piece.start : piece.end] for piece in alone.pieces]
    assert words[0] == "the" and words[-1] == "."


def test_a_sentence_gets_the_same_answers_in_any_company():
    (alone,) = read([BOLD])
    network.forget()
    others = [f"{PLAIN} {'more ' * n}" for n in range(40)]
    among = read([*others, BOLD, *reversed(others)])[40]
    assert numpy.abs(alone.answers - among.answers).max() < 0.001
    assert [round(float(a) * SCALE) for a in alone.answers] == [
        round(float(a) * SCALE) for a in among.answers
    ]


def test_what_was_read_is_kept_and_the_longest_unused_goes_first(monkeypatch):
    monkeypatch.setattr(network, "KEPT", 2)
    first, second = read([BOLD, PLAIN])
    assert read([BOLD])[0] is first
    read(["Something else."])
    assert list(network._kept) == [BOLD, "Something else."]
    assert read([PLAIN])[0] is not second


def test_only_what_is_in_doubt_is_read_and_nothing_longer_than_an_article(monkeypatch):
    asked = []

    def count(texts):
        asked.extend(texts)
        return read(texts)

    monkeypatch.setattr(network, "read", count)
    check(f"Short.\n{BOLD}\n{SURE}")
    assert asked == [BOLD]
    asked.clear()
    check(BOLD, closely=False)
    check(f"{BOLD} " * (engine.LONGEST_READ_CLOSELY // len(BOLD)))
    assert asked == []
    monkeypatch.setattr(engine, "LONGEST_READ_CLOSELY", len(BOLD))
    check(BOLD)
    assert asked == [BOLD]


def test_it_is_not_loaded_before_it_is_needed():
    code = (
        "import sys; from claims.checker import check; check({!r}, closely={}); "
        "sys.exit('numpy' in sys.modules)"
    )
    for closely in (False, True):
        run = subprocess.run([sys.executable, "-c", code.format(BOLD, closely)], check=False)
        assert run.returncode == closely


def test_words_are_cut_into_the_longest_pieces_that_are_known():
    pieces = Pieces(["[UNK]", "[CLS]", "[SEP]", "heal", "##er", "##ers", "he", "."])

    def numbers(text, most=MOST_PIECES):
        return [piece.number for piece in pieces.read(text, most)]

    assert numbers("Healers heal.") == [3, 5, 3, 7]
    assert numbers("healing") == [0], "a word of which a part is unknown is unknown"
    assert numbers("он heal") == [0, 0, 3]
    assert numbers("heal" * LONGEST) == [0]
    assert numbers("heal " * 500, 4) == [3] * 4
    assert [piece[1:] for piece in pieces.read("a healer", 9)] == [(0, 1), (2, 8), (2, 8)]


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(TEXTS, max_size=5))
def test_any_text_is_read_and_every_answer_is_a_number(texts):
    for text, told in zip(texts, read(texts), strict=True):
        assert numpy.isfinite(told.answers).all() and numpy.isfinite(told.shares).all()
        assert len(told.pieces) <= MOST_PIECES
        assert all(0 <= piece.start < piece.end <= len(text.lower()) for piece in told.pieces)


def test_what_is_written_is_read_and_summed_as_bert_sums_it(tmp_path):
    """A network of random weights, against the formulas of the paper, written out plainly."""
    width, wide, layers, chance = 24, 36, 2, numpy.random.default_rng(1)
    state = _state(chance, width, wide, layers)
    vocabulary = ["[UNK]", "[CLS]", "[SEP]", "rest", "##ed", "people", "."]
    write(state, vocabulary, tmp_path / "small.npz")
    made = network._Network(tmp_path / "small.npz").read(
        ["Rested people.", "Rest!", "People rest."]
    )
    for text, told in zip(([1, 3, 4, 5, 6, 2], [1, 3, 0, 2], [1, 5, 3, 6, 2]), made, strict=True):
        expected = _answers(state, text, layers)
        assert numpy.abs(told.answers - expected).max() < 0.02 * numpy.abs(expected).max() + 0.02


def test_a_network_that_was_written_can_go_on_learning(tmp_path):
    state = _state(numpy.random.default_rng(2), 24, 36, 2)
    vocabulary = ["[UNK]", "[CLS]", "[SEP]", "rest", "##ed", "people", "."]
    write(state, vocabulary, tmp_path / "first.npz")
    pieces, again = restored(tmp_path / "first.npz")
    assert pieces == vocabulary
    for name, weights in state.items():
        if name in again:
            assert numpy.abs(again[name] - weights).max() < 0.01, name
    assert state.keys() - again.keys() == {
        f"base.embeddings.{of}_embeddings.weight" for of in OF_A_PLACE
    }
    position, kind = (state[f"base.embeddings.{of}_embeddings.weight"] for of in OF_A_PLACE)
    assert numpy.abs(again[PLACES] - (position[: MOST_PIECES + 2] + kind[0])).max() == 0


def _state(chance, width, wide, layers):
    """Weights by the names that PyTorch gives them."""

    def some(*shape):
        return chance.standard_normal(shape).astype("f4") / 3

    def dense(name, out, into):
        return {f"{name}.weight": some(out, into), f"{name}.bias": some(out)}

    held = {
        "base.embeddings.word_embeddings.weight": some(7, width),
        "base.embeddings.position_embeddings.weight": some(128, width),
        "base.embeddings.token_type_embeddings.weight": some(2, width),
        **dense("head", 13, width),
    }
    norms = ["base.embeddings.LayerNorm"]
    for n in range(layers):
        layer = f"base.encoder.layer.{n}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            held |= dense(f"{layer}.attention.{part}", width, width)
        held |= dense(f"{layer}.intermediate.dense", wide, width)
        held |= dense(f"{layer}.output.dense", width, wide)
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    return held | {f"{n}.{part}": 1 + some(width) for n in norms for part in ("weight", "bias")}


def _answers(state, numbers, layers):
    def normed(rows, name):
        rows = (rows - rows.mean(1, keepdims=True)) / rows.std(1, keepdims=True)
        return rows * state[f"{name}.weight"] + state[f"{name}.bias"]

    def dense(rows, name):
        return rows @ state[f"{name}.weight"].T + state[f"{name}.bias"]

    at = "base.embeddings."
    rows = state[f"{at}word_embeddings.weight"][numbers]
    rows = rows + state[f"{at}position_embeddings.weight"][: len(numbers)]
    rows = normed(rows + state[f"{at}token_type_embeddings.weight"][0], f"{at}LayerNorm")
    for n in range(layers):
        layer = f"base.encoder.layer.{n}"
        query, key, value = (
            dense(rows, f"{layer}.attention.self.{part}") for part in ("query", "key", "value")
        )
        heads = []
        for h in range(0, rows.shape[1], 2):
            heed = numpy.exp(query[:, h : h + 2] @ key[:, h : h + 2].T / 2**0.5)
            heads.append(heed / heed.sum(1, keepdims=True) @ value[:, h : h + 2])
        seen = dense(numpy.concatenate(heads, 1), f"{layer}.attention.output.dense")
        rows = normed(rows + seen, f"{layer}.attention.output.LayerNorm")
        wide = dense(rows, f"{layer}.intermediate.dense")
        wide = dense(wide / (1 + numpy.exp(-1.702 * wide)), f"{layer}.output.dense")
        rows = normed(rows + wide, f"{layer}.output.LayerNorm")
    return dense(rows.mean(0), "head")


def test_the_file_is_small_and_holds_nothing_but_numbers():
    assert NETWORK.stat().st_size < 19_000_000
    with numpy.load(NETWORK, allow_pickle=False) as held:
        assert {held[name].dtype.kind for name in held.files} <= set("iuf")


def test_the_mean_of_a_network_and_itself_is_that_network(tmp_path):
    pieces, state = blend(NETWORK, NETWORK, 0.3)
    write(state, pieces, tmp_path / "mean.npz")
    with numpy.load(NETWORK) as held, numpy.load(tmp_path / "mean.npz") as mean:
        assert set(held) == set(mean)
        assert all(numpy.allclose(held[name], mean[name], atol=1e-5) for name in held)


@pytest.mark.parametrize(("inner", "width"), [(384, 1536), (1536, 384), (7, 9), (5, 1)])
@pytest.mark.parametrize("rows", [1, 20, 21, 40, 41, 300])
def test_a_matrix_in_pieces_multiplies_as_it_does_whole(inner, width, rows):
    chance = numpy.random.default_rng(rows)
    matrix = chance.standard_normal((inner, width), dtype=numpy.float32)
    given = chance.standard_normal((rows, inner), dtype=numpy.float32)
    assert numpy.allclose(Pieced(matrix).after(given), given @ matrix, atol=1e-3)
