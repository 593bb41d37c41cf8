"""The runs that were kept, as a picture."""

LINES = (
    "uncached article",
    "cached article",
    "postgresql uncached article",
    "wagtail uncached article",
)


def draw(runs: list[dict]) -> str:
    """CPU of an article as bars, run by run; the highest of a line is the most that it ever took.
    A bar says under the pointer what it stands for. Runs that did not measure a line are left out
    of it."""
    drawn = []
    for line, name in enumerate(LINES):
        told = [(run, run["results"][name]["cpu_ms"]) for run in runs if name in run["results"]]
        if not told:
            continue
        most, foot = max(value for _, value in told), line * 90 + 82
        drawn.append(f'<text x="4" y="{foot - 68}">{name}: {told[-1][1]} ms of CPU</text>')
        for number, (run, value) in enumerate(told):
            height = round(60 * value / most, 1)
            drawn.append(
                f'<rect x="{4 + number * 12}" y="{foot - height}" width="9" height="{height}" '
                f'fill="#2a568a"><title>{value} ms, {run["pages"]} articles, {run["at"]}</title>'
                "</rect>"
            )
    width = max(320, 12 * len(runs) + 8)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{90 * len(LINES)}" '
        f'font-family="sans-serif" font-size="12">{"".join(drawn)}</svg>\n'
    )
