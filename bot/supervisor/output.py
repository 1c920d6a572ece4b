"""Keeps what a process prints in a file, and picks out the lines its owner should see."""

import re
from pathlib import Path

LARGEST_BYTES = 5_000_000
LONGEST_LINE = 4_000
IMPORTANT = re.compile(r"\b(ERROR|CRITICAL)\b")


class Output:
    """One process's log, `NAME.log`, with the file before it kept as `NAME.log.1`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last_line = ""
        self.lost_bytes = 0
        """What a full disk kept from being written."""
        self._unfinished = b""

    def write(self, data: bytes) -> list[str]:
        """Append to the file and return the important ones of the lines that are now whole."""
        self._append(data)
        *whole, rest = (self._unfinished + data).split(b"\n")
        self._unfinished = rest[-LONGEST_LINE:]
        lines = [line.decode("utf-8", "replace").strip()[:LONGEST_LINE] for line in whole]
        self.last_line = next((line for line in reversed(lines) if line), self.last_line)
        return [line for line in lines if IMPORTANT.search(line)]

    def _append(self, data: bytes) -> None:
        # A process must not die because its log cannot be written.
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.path.exists() and self.path.stat().st_size + len(data) > LARGEST_BYTES:
                self.path.replace(self.path.with_name(self.path.name + ".1"))
            with self.path.open("ab") as file:
                file.write(data)
        except OSError:
            self.lost_bytes += len(data)
