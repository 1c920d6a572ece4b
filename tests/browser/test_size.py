"""What a visitor's browser must fetch: before the chat is opened, and in all."""

import gzip
import json

import pytest

from tests.browser.stand_in import LANGUAGES, WIDGET

LAUNCHER_BYTES = 2 * 1024
WIDGET_BYTES = 15 * 1024
# As the server gives it where nothing is set.
SETTINGS = {
    "greeting": None,
    "position": "right",
    "languages": LANGUAGES,
    "notice": None,
}


def compressed(text: bytes) -> int:
    return len(gzip.compress(text, mtime=0))


def before_opening(language: str) -> int:
    words = WIDGET / "strings" / f"launcher.{language}.json"
    return (
        compressed((WIDGET / "chat.js").read_bytes())
        + compressed(json.dumps(SETTINGS, separators=(",", ":")).encode())
        + (compressed(words.read_bytes()) if words.exists() else 0)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_launcher_and_the_whole_widget_stay_small(language: str) -> None:
    launcher = before_opening(language)
    parts = ["window.js", "log.js", "talk.js", "window.css", f"strings/{language}.json"]
    whole = launcher + sum(compressed((WIDGET / part).read_bytes()) for part in parts)
    print(f"{language}: {launcher} bytes before it is opened, {whole} in all")
    assert launcher <= LAUNCHER_BYTES
    assert whole <= WIDGET_BYTES


def test_every_file_that_is_served_is_counted() -> None:
    found = {str(path.relative_to(WIDGET)) for path in WIDGET.rglob("*") if path.is_file()}
    strings = {f"strings/{language}.json" for language in LANGUAGES}
    launchers = {f"strings/launcher.{language}.json" for language in LANGUAGES if language != "en"}
    counted = {"chat.js", "window.js", "log.js", "talk.js", "window.css"}
    assert found - strings - launchers - counted == {"notice.js"}  # only while there is a notice


def keys(words: object, path: str = "") -> set[str]:
    if not isinstance(words, dict):
        return {path}
    return {key for name, value in words.items() for key in keys(value, f"{path}.{name}")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_blanks(language: str) -> None:
    def blanks(words: object) -> object:
        if isinstance(words, dict):
            return {name: blanks(value) for name, value in words.items()}
        return sorted(part.partition("}")[0] for part in str(words).split("{")[1:])

    english = json.loads((WIDGET / "strings" / "en.json").read_text("utf-8"))
    words = json.loads((WIDGET / "strings" / f"{language}.json").read_text("utf-8"))
    assert keys(words) == keys(english)
    assert blanks(words) == blanks(english)
