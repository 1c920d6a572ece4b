"""A case as its visitor meets it outside of the chat: proof by code, page, rating, links."""

from bot.cases.cases import Cases
from bot.cases.codes import Codes
from bot.cases.letters import Letters, NoLetters
from bot.cases.links import Links
from bot.cases.ratings import ANSWERS, Answer, Ratings, wants_follow_ups
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
    "NoLetters",
    "Ratings",
    "ToldDate",
    "wants_follow_ups",
]
