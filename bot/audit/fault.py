"""Something in a file that does not agree with the policy, and what to do about it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Fault:
    """One place to mend; `line` counts from 1."""

    file: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"

    def below(self, root: Path) -> str:
        """The same as a line of text, with the file named from this folder on."""
        return str(self).removeprefix(f"{root}/")


def line_of(text: str, position: int) -> int:
    """The line, from 1, in which a character of a text stands."""
    return text.count("\n", 0, position) + 1
