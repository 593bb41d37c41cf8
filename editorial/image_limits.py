"""What an uploaded picture may measure. By itself, so that asking it does not load Pillow."""

LARGEST_FILE = 15 * 1024 * 1024  # bytes
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 12_000  # pixels
SHORTEST_SIDE = 32  # pixels
