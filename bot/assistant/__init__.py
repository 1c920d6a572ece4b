"""The client of Rasa: one turn in, replies out, or a named failure; and their wording."""

from bot.assistant.check_answers import faults_of_answers
from bot.assistant.client import Assistant, AssistantFailure
from bot.assistant.turn import Button, Effect, Reply, TitledButton, Turn, TurnAnswer
from bot.assistant.wording import Wording, WordingError, Words

__all__ = [
    "Assistant",
    "AssistantFailure",
    "Button",
    "Effect",
    "Reply",
    "TitledButton",
    "Turn",
    "TurnAnswer",
    "Wording",
    "WordingError",
    "Words",
    "faults_of_answers",
]
