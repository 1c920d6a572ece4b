"""In which language a message is written, where its words say so beyond doubt."""

from bot.languages.detection import Reading, prepare, read
from bot.languages.names import language_name

__all__ = ["Reading", "language_name", "prepare", "read"]
