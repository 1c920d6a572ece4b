"""The notice of a peak period: its wording, and what cannot be one."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Formatter

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.policy import CalendarError, Policy

LONGEST_NOTICE = 300
EXTRA_TIME = "peak_extension"


class PeakRefused(Exception):
    """A peak period that cannot be; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Notice:
    """What the site says of a peak period, and the clause of the policy that it rests on."""

    text: str
    clause: str


class NoticeWording:
    """The wording of a folder's `peak.yml`, filled in with the policy's times and the dates.

    Raises CalendarError for a file that cannot be used.
    """

    def __init__(self, folder: Path, policy: Policy) -> None:
        path = folder / "peak.yml"
        try:
            written = YAML(typ="safe", pure=True).load(path)
            self.text, self.clause, self._day = (
                str(written[key]) for key in ("text", "clause", "day")
            )
            self._phrases = policy.placeholders()
            policy.source(self.clause)
            self.say(self.text, policy.last_updated, policy.last_updated)
        except (YAMLError, TypeError, KeyError, PeakRefused) as error:
            detail = " ".join(str(error).split())
            raise CalendarError(f"{path}: the notice of a peak cannot be used: {detail}") from error

    def say(self, text: str, first: date, last: date) -> str:
        """The text on one line, with its placeholders filled in. Raises PeakRefused."""
        values = {**self._phrases, "first": self._said(first), "last": self._said(last)}
        try:
            named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            unknown = named - values.keys()
            filled = text.format_map(values) if not unknown else ""
        except ValueError as error:
            raise PeakRefused(f"The notice cannot be read: {error}.") from error
        if unknown:
            names = ", ".join(f"{{{name}}}" for name in sorted(unknown))
            raise PeakRefused(f"The notice names {names}, which nothing fills in.")
        clean = "".join(c if c.isprintable() else " " for c in filled)
        said = " ".join(clean.split())
        if not said:
            raise PeakRefused(
                "A peak period needs the text of its notice: the policy says that a notice on the "
                "site tells of longer replies (section 3)."
            )
        if len(said) > LONGEST_NOTICE:
            raise PeakRefused(f"The notice has {len(said)} characters; {LONGEST_NOTICE} fit.")
        if EXTRA_TIME not in named:
            raise PeakRefused(
                "The notice does not say by how much a reply may take longer: write "
                f"{{{EXTRA_TIME}}} where the policy's extra time belongs."
            )
        return said

    def _said(self, day: date) -> str:
        return day.strftime(self._day).replace(" 0", " ")
