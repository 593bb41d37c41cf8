"""The runs that were kept, as a picture."""

LINES = ("uncached article", "cached article")


def draw(runs: list[dict]) -> str:
    """CPU of an article, made anew and kept, as bars whose highest is the most it ever took."""
    rows = []
    for line, name in enumerate(LINES):
        values = [run["results"].get(name, {}).get("cpu_ms", 0) for run in runs]
        most = max([*values, 0.001])
        rows.append(f'<text x="4" y="{line * 90 + 14}">{name}: {values[-1]} ms of CPU</text>')
        for number, value in enumerate(values):
            height = round(60 * value / most, 1)
            rows.append(
                f'<rect x="{4 + number * 12}" y="{line * 90 + 82 - height}" width="9" '
                f'height="{height}" fill="#2a568a"><title>{value} ms</title></rect>'
            )
    width = max(320, 12 * len(runs) + 8)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{90 * len(LINES)}" '
        f'font-family="sans-serif" font-size="12">{"".join(rows)}</svg>\n'
    )
