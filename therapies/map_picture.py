"""The evidence map as a picture: where everything stands. The template draws it."""

from dataclasses import dataclass

from .evidence_map import Cell, Map

NAMES, HEADS, WIDTH, HEIGHT = 330, 250, 126, 64  # pixels: left, top, one cell
KEY = 150
LONGEST = 42  # letters of a name that fit


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"


@dataclass(frozen=True)
class Label:
    """A name and where it stands."""

    text: str
    x: int
    y: int


@dataclass(frozen=True)
class Placed:
    """A cell and its top left corner."""

    cell: Cell
    x: int
    y: int


class Picture:
    """A map with the place of every name and cell."""

    def __init__(self, drawn: Map):
        self.map = drawn
        self.width = max(NAMES + WIDTH * len(drawn.conditions) + 150, 900)
        self.height = HEADS + HEIGHT * len(drawn.rows) + KEY
        self.key_y = self.height - KEY + 40
        self.cell_width, self.cell_height = WIDTH, HEIGHT

    @property
    def heads(self) -> list[Label]:
        """The conditions, written upwards."""
        return [
            Label(_short(condition.title), NAMES + WIDTH * number + WIDTH // 2 + 5, HEADS - 10)
            for number, condition in enumerate(self.map.conditions)
        ]

    @property
    def names(self) -> list[Label]:
        """The therapies, at the left."""
        return [
            Label(_short(row.therapy.title), NAMES - 10, HEADS + HEIGHT * number + HEIGHT // 2 + 5)
            for number, row in enumerate(self.map.rows)
        ]

    @property
    def cells(self) -> list[Placed]:
        """Every cell but those that a filter hides."""
        return [
            Placed(cell, NAMES + WIDTH * across, HEADS + HEIGHT * down)
            for down, row in enumerate(self.map.rows)
            for across, cell in enumerate(row.cells)
            if cell
        ]
