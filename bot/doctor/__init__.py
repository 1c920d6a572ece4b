"""What is not well with this installation, in sentences, before anybody has to find out."""

from bot.doctor.doctor import Finding, examine

__all__ = ["Finding", "examine"]
