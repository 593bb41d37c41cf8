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
_NORMS = {"join_norm": "attention.output", "narrow_norm": "output"}


def write(state: dict[str, np.ndarray], vocabulary: list[str], layers: int, path: Path) -> None:
    """Keep the weights of a network (`Network.state_dict`), each layer behind the other."""
    out = {"pieces": np.frombuffer("\n".join(vocabulary).encode(), np.uint8)}
    words = state["base.embeddings.word_embeddings.weight"]
    out["words"], out["words_scale"] = _whole(words, axis=1)
    place = state["base.embeddings.position_embeddings.weight"][: MOST_PIECES + 2]
    out["places"] = place + state["base.embeddings.token_type_embeddings.weight"][0]
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


def _joined(state: dict[str, np.ndarray], names: list[str]) -> np.ndarray:
    return np.concatenate([state[name] for name in names])


def _norm(state: dict[str, np.ndarray], name: str) -> np.ndarray:
    return np.stack([state[f"{name}.weight"], state[f"{name}.bias"]])


def _whole(weights: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights as whole numbers from -127 to 127, and what one of them is worth along an axis."""
    scale = np.abs(weights).max(axis=axis, keepdims=True) / 127 + 1e-12
    return np.round(weights / scale).astype(np.int8), scale.astype(np.float32)
