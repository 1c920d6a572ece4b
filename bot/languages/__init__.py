"""In which language a message is written, where its words say so beyond doubt."""

from bot.languages.detection import Detected, detect, prepare
from bot.languages.names import language_name

__all__ = ["Detected", "detect", "language_name", "prepare"]
