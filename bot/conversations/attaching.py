"""What becomes of the pictures that came with a visitor's message (section 2.1)."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.assistant import Words
from bot.conversations.speech import say, tell_of_move
from bot.conversations.transcript import newest_asks, newest_question
from bot.storage.tables import Conversation, Message, Ticket
from bot.tickets import Details, Tickets, count_attachments

ADDED = "utter_add_to_ticket_sent"
KEPT = "utter_contact_details_thanks"
WHAT_ABOUT = "utter_ask_description"


def take_in_attachments(
    session: Session,
    words: Words,
    tickets: Tickets,
    conversation: Conversation,
    message: Message,
    now: datetime,
) -> bool:
    """Count the pictures for their case, and tell of them where the assistant has nothing to read.

    Gives whether they were the answer. Where words came with them that were not asked for, or
    people have the conversation, they are not.
    """
    ticket = tickets.unresolved_of(session, conversation.id)
    if ticket:
        count_attachments(session, ticket)
    answers_a_question = ticket and newest_asks(session, conversation.id) == "attachments"
    if conversation.state != "bot" or (message.text and not answers_a_question):
        return False
    if ticket:
        _add(session, words, tickets, conversation, ticket, message.text, now)
    elif newest_question(session, conversation.id):
        # As a notice, so that the form's own question is still the newest one.
        say(session, words, conversation, KEPT, now, sender="system")
    else:
        say(session, words, conversation, WHAT_ABOUT, now)
    return True


def _add(
    session: Session,
    words: Words,
    tickets: Tickets,
    conversation: Conversation,
    ticket: Ticket,
    text: str,
    now: datetime,
) -> None:
    if text:
        tickets.complete(ticket, conversation, Details(description=text))
    move = tickets.visitor_wrote(session, ticket, now)
    if move:
        tell_of_move(session, words, conversation, ticket, move)
    args = {"reference": ticket.reference}
    say(session, words, conversation, ADDED, now, sender="system", args=args)
