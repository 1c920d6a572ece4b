"""What is kept of a person: handed out whole, and erased (section 5.3)."""

from bot.privacy.erasure import Erased, Erasure
from bot.privacy.export import Export
from bot.privacy.people import People, PersonErased
from bot.privacy.trackers import Trackers

__all__ = ["Erased", "Erasure", "Export", "People", "PersonErased", "Trackers"]
