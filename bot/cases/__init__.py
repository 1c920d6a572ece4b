"""A case as its visitor meets it outside of the chat: proof by code, page, rating, links."""

from bot.cases.cases import Cases
from bot.cases.codes import Codes
from bot.cases.letters import Letters
from bot.cases.links import Links
from bot.cases.ratings import ANSWERS, Answer, Ratings
from bot.cases.views import CaseMessage, CaseView, ToldDate

__all__ = [
    "ANSWERS",
    "Answer",
    "CaseMessage",
    "CaseView",
    "Cases",
    "Codes",
    "Letters",
    "Links",
    "Ratings",
    "ToldDate",
]
