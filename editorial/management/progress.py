"""A progress bar for commands: on a terminal only, never in a log."""

import shutil


class Progress:
    """Draws “label 3/10” with a bar on `stream` if that is a terminal; otherwise does nothing."""

    def __init__(self, stream, total: int, label: str):
        self.stream, self.total, self.label = stream, total, label
        self.shown = bool(getattr(stream, "isatty", lambda: False)())

    def show(self, done: int, what: str = "") -> None:
        """Draw the bar anew with `done` of the total, and what is being worked on."""
        if not self.shown:
            return
        width = 24
        filled = width * done // max(1, self.total)
        line = f"{self.label} [{'#' * filled}{'.' * (width - filled)}] {done}/{self.total} {what}"
        columns = shutil.get_terminal_size().columns
        self._write(f"\r\x1b[K{line[: columns - 1]}")

    def clear(self) -> None:
        """Take the bar away, so that a line can be printed."""
        if self.shown:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        # Django's wrapper would add a line end.
        stream = getattr(self.stream, "_out", self.stream)
        stream.write(text)
        stream.flush()
