"""What a model is made of, as one short text: changed as soon as training would give another.

Only the standard library, and quick: it is asked at every start, by any Python.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CODE = Path(__file__).resolve().parent
RESPONSE_NAME = re.compile(r"""^[ \t]+["']?(utter_[^\s"':]+)["']?[ \t]*:""", re.MULTILINE)


@dataclass(frozen=True)
class Sources:
    """Where training reads from."""

    data: Path = Path("data")
    domain: Path = Path("domain.yml")
    config: Path = Path("config.yml")

    @classmethod
    def add_options(cls, parser: argparse.ArgumentParser) -> None:
        """Let a command be told where to read from."""
        parser.add_argument("--data", type=Path, default=cls.data)
        parser.add_argument("--domain", type=Path, default=cls.domain)
        parser.add_argument("--config", type=Path, default=cls.config)

    @classmethod
    def chosen(cls, options: argparse.Namespace) -> Sources:
        """Where the command was told to read from."""
        return cls(options.data, options.domain, options.config)


def parts_of(sources: Sources) -> dict[str, str]:
    """A SHA-256 for each thing a model is made of.

    Answers count by name alone, so that new wording needs no training.
    """
    return {
        "training messages": _of_files(_yaml_below(sources.data / "nlu")),
        "rules": _of_files(_yaml_below(sources.data / "rules")),
        "stories": _of_files(_yaml_below(sources.data / "stories")),
        "names of the answers": _of_names(_yaml_below(sources.data / "responses")),
        "domain": _of_files([sources.domain]),
        "config": _of_files([sources.config]),
        "code": _of_files(sorted(CODE.glob("*.py"))),
        "requirements": _of_files([CODE / "requirements.txt"]),
    }


def fingerprint_of(parts: dict[str, str]) -> str:
    """The one text that stands for all parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _yaml_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.yml") if path.is_file())


def _of_files(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        # Line ends differ between checkouts; what is trained does not.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _of_names(paths: Iterable[Path]) -> str:
    names = {name for path in paths for name in RESPONSE_NAME.findall(path.read_text("utf-8"))}
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()
