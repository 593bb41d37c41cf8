"""The shapes of the map's picture, drawn with presentation attributes only."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from therapies.evidence_map import DIRECTION_WORDS, STAGE_WORDS
from therapies.words import Certainty, Direction, Stage

register = template.Library()

_BOX = '<rect x="2.8" y="2.8" width="10.4" height="10.4" fill="none" stroke="#5d5248"{}/>'


def _ring(colour: str, filling: str) -> str:
    rim = f'<circle cx="8" cy="8" r="6.6" fill="none" stroke="{colour}" stroke-width="1.8"/>'
    return f'{rim}<path d="{filling}" fill="{colour}"/>'


_SURE = {
    Certainty.HIGH: _ring("#11574c", "M8 1a7 7 0 1 1 0 14a7 7 0 1 1 0-14z"),
    Certainty.MODERATE: _ring("#2a568a", "M8 8V1a7 7 0 1 1-7 7z"),
    Certainty.LOW: _ring("#855400", "M8 1a7 7 0 0 1 0 14z"),
    Certainty.VERY_LOW: _ring("#9c3a2a", "M8 8V1a7 7 0 0 1 7 7z"),
}
_POINTS = {
    Direction.BENEFIT: '<path d="M8 2l6 11H2z" fill="#27211d"/>',
    Direction.MIXED: '<path d="M8 1l4 6H4zM8 15l4-6H4z" fill="#27211d"/>',
    Direction.NO_BENEFIT: '<path d="M2 6.5h12v3H2z" fill="#27211d"/>',
    Direction.HARM: '<path d="M8 14L2 3h12z" fill="#27211d"/>',
    Direction.UNCLEAR: '<path d="M3 8h2M7 8h2M11 8h2" stroke="#27211d" stroke-width="2.5"/>',
}
_STAGE = {
    Stage.STANDARD: '<rect x="2" y="2" width="12" height="12" fill="#5d5248"/>',
    Stage.SELECTED: _BOX.format("") + '<rect x="2" y="8" width="12" height="6" fill="#5d5248"/>',
    Stage.TRIALS: _BOX.format(""),
    Stage.PRECLINICAL: _BOX.format(' stroke-dasharray="2.5 2"'),
    Stage.NOT_SUPPORTED: '<path d="M3 3l10 10M13 3L3 13" stroke="#9c2a20" stroke-width="2.2"/>',
}


def _placed(drawing: str, x: int, y: int):
    # The drawings are the constants above; nothing from outside is in them.
    return format_html('<g transform="translate({} {})">{}</g>', x, y, mark_safe(drawing))


@register.simple_tag
def sure_shape(certainty, x, y):
    """A ring filled by certainty, 16 pixels wide."""
    return _placed(_SURE[certainty], x, y)


@register.simple_tag
def points_shape(direction, x, y):
    """Where the finding points, 16 pixels wide."""
    return _placed(_POINTS[direction], x, y)


@register.simple_tag
def stage_shape(stage, x, y):
    """How far the therapy has come, 16 pixels wide."""
    return _placed(_STAGE[stage], x, y)


@register.simple_tag
def picture_key():
    """Three lines: certainty, direction, stage, each shape with its word."""
    lines = (
        [(sure_shape, value, value.value) for value in Certainty],
        [(points_shape, value, DIRECTION_WORDS[value]) for value in Direction],
        [(stage_shape, value, STAGE_WORDS[value]) for value in Stage],
    )
    return format_html_join(
        "",
        '{}<text x="{}" y="{}" font-size="12">{}</text>',
        (
            (shape(value, 150 * across, 26 * down), 150 * across + 24, 26 * down + 13, word)
            for down, line in enumerate(lines)
            for across, (shape, value, word) in enumerate(line)
        ),
    )
