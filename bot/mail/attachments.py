"""Files that come with a mail: told by their content, counted, and kept under random names."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.attachments.folder import FileFolder
from bot.attachments.kinds import LARGEST, safe_name, type_of
from bot.mail.bodies import Attached

MOST = 5


@dataclass(frozen=True)
class KeptFile:
    """A file on the disk that belongs to a message which is about to be stored."""

    name: str
    stored_as: str
    content_type: str
    size: int


class AttachmentFolder(FileFolder):
    """The folder as mails fill it: as many files as may stay, and a note for each other."""

    def keep(self, attached: Sequence[Attached]) -> tuple[list[KeptFile], list[str]]:
        """Write what may stay; also gives a note for each file that was kept out.

        Files that were attached on purpose come before pictures within the text.
        """
        kept: list[KeptFile] = []
        notes: list[str] = []
        for number, each in enumerate(sorted(attached, key=lambda a: a.inline), start=1):
            kind = type_of(each.content)
            name = safe_name(each.name, number, kind[1] if kind else "")
            why = _kept_out(each.content, kind is not None, len(kept))
            if why or kind is None:
                notes.append(f"The attachment “{name}” was kept out: {why}.")
            else:
                kept.append(KeptFile(name, self.write(each.content), kind[0], len(each.content)))
        return kept, notes

    def remove(self, files: Sequence[KeptFile]) -> None:
        """Take back what was written for a message that was not stored after all."""
        self.discard(file.stored_as for file in files)


def _kept_out(content: bytes, is_known: bool, kept: int) -> str | None:
    if content[:4] == b"\x78\x9f\x3e\x22":
        return "it is a winmail.dat; ask for the file itself"
    if not is_known:
        return "it is neither a picture nor a PDF"
    if len(content) > LARGEST:
        return f"it is larger than {LARGEST // 1024 // 1024} MB"
    return f"there are more than {MOST}" if kept >= MOST else None
