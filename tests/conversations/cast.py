"""What dialogue tests of the services share: turns played without Rasa, by their answers."""

from sqlalchemy import select

from bot.app import Services
from bot.assistant import Effect, Reply, TurnAnswer
from bot.assistant.turn import State
from bot.conversations.answering import Lease
from bot.conversations.intake import Started
from bot.conversations.transcript import MessageView
from bot.conversations.turns import claim_turn
from bot.storage.tables import Ticket

ASKED = [Effect(kind="hand_off", reason="asked")]
DAMAGED = Effect(
    kind="open_ticket",
    category="damaged",
    order_number="1001",
    email="alice@example.com",
    name="Alice",
    description="the clasp broke",
)


def send(services: Services, visitor: Started, text: str) -> int:
    """The visitor writes."""
    return services.intake.receive(
        visitor.id, visitor.token, client_id=f"{text}-{services.clock()}", text=text
    )


def lease(services: Services, visitor: Started) -> Lease:
    """The turn that is owed next, leased as the web process does."""
    found = claim_turn(services.database, visitor.id, "test", services.clock())
    assert found is not None
    return found


def answer(
    *responses: str,
    effects: list[Effect] | None = None,
    label: str = "greet",
    args: dict[str, str] | None = None,
) -> TurnAnswer:
    """What Rasa would have said."""
    replies = [Reply(response=name, args=args or {}) for name in responses]
    if effects:
        replies.append(Reply(response=None, effects=effects))
    return TurnAnswer(
        replies=replies,
        state=State(),
        understood=[{"text": "", "label": label, "confidence": 0.9, "accepted": True}],
    )


def transcript(services: Services, visitor: Started, after: int = 0) -> list[MessageView]:
    """What the visitor sees."""
    return services.intake.page(visitor.id, visitor.token, after).messages


def state(services: Services, visitor: Started) -> str:
    """Who has the conversation."""
    return services.intake.page(visitor.id, visitor.token, 0).state


def hand_off(services: Services, visitor: Started) -> None:
    """The visitor asks for a person and is given to people."""
    send(services, visitor, "a person please")
    services.answering.store(lease(services, visitor), answer(effects=ASKED, label="talk_to_human"))


def ticket(services: Services) -> Ticket:
    """The one ticket there is."""
    with services.database.read() as session:
        return session.scalars(select(Ticket)).one()
