"""Files that come with messages: judged by their content, made anew, kept, shown to few."""

from bot.attachments.folder import FileFolder
from bot.attachments.links import AttachmentLinks
from bot.attachments.rows import AttachmentView, attachments_of, take_along
from bot.attachments.uploads import MOST_A_MESSAGE, Uploads

__all__ = [
    "MOST_A_MESSAGE",
    "AttachmentLinks",
    "AttachmentView",
    "FileFolder",
    "Uploads",
    "attachments_of",
    "take_along",
]
