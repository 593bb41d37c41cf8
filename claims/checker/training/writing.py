"""A fitted network as the file that `learned/network.py` reads: weights in whole numbers."""

from pathlib import Path

import numpy as np

from claims.checker.learned.network import MOST_PIECES

# Each matrix of a layer by the name it gets, with the parts of BERT that it is made of.
_MATRICES = {
    "attend": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "join": ("attention.output.dense",),
    "widen": ("intermediate.dense",),
    "narrow": ("output.dense",),
}
WORDS, PLACES = "base.embeddings.word_embeddings.weight", "places"
OF_A_PLACE = ("position", "token_type")  # embeddings that are added up for each place
_NORMS = {"join_norm": "attention.output", "narrow_norm": "output"}


def write(state: dict[str, np.ndarray], vocabulary: list[str], path: Path) -> None:
    """Keep the weights of a network (`Network.state_dict`), each layer behind the other."""
    layers = sum(name.endswith(".attention.self.query.weight") for name in state)
    out = {"pieces": np.frombuffer("\n".join(vocabulary).encode(), np.uint8)}
    out["words"], out["words_scale"] = _whole(state[WORDS], axis=1)
    place, kind = (state[f"base.embeddings.{name}_embeddings.weight"] for name in OF_A_PLACE)
    out["places"] = place[: MOST_PIECES + 2] + kind[0]
    out["norm"] = _norm(state, "base.embeddings.LayerNorm")
    where = [f"base.encoder.layer.{number}" for number in range(layers)]
    for name, parts in _MATRICES.items():
        weights = [_joined(state, [f"{layer}.{part}.weight" for part in parts]) for layer in where]
        biases = [_joined(state, [f"{layer}.{part}.bias" for part in parts]) for layer in where]
        stacked = np.stack(weights).transpose(0, 2, 1)
        out[name], out[f"{name}_scale"] = _whole(stacked, axis=1)
        out[f"{name}_bias"] = np.stack(biases)
    for name, part in _NORMS.items():
        out[name] = np.stack([_norm(state, f"{layer}.{part}.LayerNorm") for layer in where])
    out["head"], out["head_bias"] = state["head.weight"].T, state["head.bias"]
    np.savez(path, **out)


def restored(path: Path) -> tuple[list[str], dict[str, np.ndarray]]:
    """The vocabulary and the weights of a network that `write` kept, as near as whole numbers are.

    `PLACES` has the sums that `write` made of the embeddings of a place.
    """
    with np.load(path, allow_pickle=False) as kept:
        held = dict(kept)
    out = {WORDS: held["words"] * held["words_scale"], PLACES: held["places"]}
    out["head.weight"], out["head.bias"] = held["head"].T, held["head_bias"]
    _split(out, "base.embeddings.LayerNorm", held["norm"])
    for number in range(len(held["join"])):
        layer = f"base.encoder.layer.{number}"
        for name, parts in _MATRICES.items():
            weights = (held[name][number] * held[f"{name}_scale"][number]).T
            for at, part in enumerate(parts):
                rows = slice(at * len(weights) // len(parts), (at + 1) * len(weights) // len(parts))
                out[f"{layer}.{part}.weight"] = weights[rows]
                out[f"{layer}.{part}.bias"] = held[f"{name}_bias"][number][rows]
        for name, part in _NORMS.items():
            _split(out, f"{layer}.{part}.LayerNorm", held[name][number])
    return held["pieces"].tobytes().decode().split("\n"), out


def _split(out: dict[str, np.ndarray], name: str, norm: np.ndarray) -> None:
    out[f"{name}.weight"], out[f"{name}.bias"] = norm


def _joined(state: dict[str, np.ndarray], names: list[str]) -> np.ndarray:
    return np.concatenate([state[name] for name in names])


def _norm(state: dict[str, np.ndarray], name: str) -> np.ndarray:
    return np.stack([state[f"{name}.weight"], state[f"{name}.bias"]])


def _whole(weights: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights as whole numbers from -127 to 127, and what one of them is worth along an axis."""
    scale = np.abs(weights).max(axis=axis, keepdims=True) / 127 + 1e-12
    return np.round(weights / scale).astype(np.int8), scale.astype(np.float32)
