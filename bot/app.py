"""Puts the parts together: the one place that knows which service needs which."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.accounts import Accounts
from bot.assistant import Assistant, Words
from bot.clock import Clock, clock_from
from bot.conversations.answering import Answering
from bot.conversations.desk import Desk
from bot.conversations.feed import Feed
from bot.conversations.handoff import Handoff
from bot.conversations.inbox import Inbox
from bot.conversations.intake import Intake
from bot.conversations.other_languages import OtherLanguages
from bot.conversations.turns import Turns
from bot.conversations.upkeep import Upkeep
from bot.demand import Demand
from bot.mail.attachments import AttachmentFolder
from bot.mail.drafting import Drafting
from bot.mail.imap_mailbox import ImapMailbox, MailboxAddress
from bot.mail.incoming_view import IncomingMails
from bot.mail.receiving import Receiving
from bot.mail.reception import Reception
from bot.mail.signed_addresses import SignedAddresses
from bot.mail.smtp_listener import SmtpListener
from bot.orders import Catalogue, Orders
from bot.policy import BusinessCalendar, Policy, load_policy
from bot.settings import Secrets, Settings, rasa_token
from bot.storage import Database
from bot.storage.tables import Ticket, TicketMove
from bot.tickets import TicketLookup, Tickets


@dataclass(frozen=True)
class Services:
    """What the edges of the product call."""

    settings: Settings
    clock: Clock
    database: Database
    policy: Policy
    calendar: BusinessCalendar
    words: Words
    accounts: Accounts
    orders: Orders
    catalogue: Catalogue
    ticket_lookup: TicketLookup
    intake: Intake
    desk: Desk
    inbox: Inbox
    answering: Answering
    demand: Demand
    upkeep: Upkeep
    feed: Feed
    signed_addresses: SignedAddresses | None
    attachments: AttachmentFolder
    receiving: Receiving
    drafting: Drafting
    incoming_mails: IncomingMails


def compose(settings: Settings, clock: Clock | None = None) -> Services:
    """All services on one database, by the settings' clock unless another one is given.

    Raises PolicyError or CalendarError.
    """
    clock = clock or clock_from(settings.clock_file)
    database = Database(settings.database)
    policy = load_policy(settings.policy_file)
    calendar = BusinessCalendar.of_settings(
        settings.calendar_zone,
        settings.calendar_opens,
        settings.calendar_closes,
        settings.calendar_country,
    )
    words = Words(
        settings.responses_dir,
        policy,
        calendar=calendar,
        support_email=settings.support_email,
    )
    orders = Orders(database)
    tickets = Tickets(policy, calendar)
    handoff = Handoff(words, tickets, calendar)
    demand = Demand(database)
    signed_addresses = signed_addresses_of(settings)
    attachments = AttachmentFolder(settings.data_dir / "attachments")
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        policy=policy,
        calendar=calendar,
        words=words,
        accounts=Accounts(database, clock, session_hours=settings.session_hours),
        orders=orders,
        catalogue=Catalogue(database),
        ticket_lookup=TicketLookup(database, clock),
        intake=Intake(database, words, clock, messages_per_minute=settings.messages_per_minute),
        desk=Desk(database, words, tickets, clock),
        inbox=Inbox(database, orders),
        answering=Answering(
            database, words, tickets, handoff, demand, OtherLanguages(words, tickets), clock
        ),
        demand=demand,
        upkeep=Upkeep(
            database,
            handoff,
            clock,
            unclaimed_after=timedelta(seconds=settings.unclaimed_after_seconds),
            close_after=timedelta(days=settings.close_after_quiet_days),
        ),
        feed=Feed(database),
        signed_addresses=signed_addresses,
        attachments=attachments,
        receiving=Receiving(database, attachments, signed_addresses, reopen, clock),
        drafting=Drafting(
            database,
            words,
            tickets,
            demand,
            lambda text: asyncio.run(_understood(settings, text)),
            clock,
        ),
        incoming_mails=IncomingMails(database),
    )


def reopen(session: Session, ticket: Ticket, now: datetime) -> None:
    """The visitor has written again, so the ticket is not over."""
    if ticket.state == "resolved":
        ticket.state, ticket.resolved_at = "open", None
        session.add(
            TicketMove(
                ticket_id=ticket.id,
                from_state="resolved",
                to_state="open",
                reason="the visitor wrote",
                at=now,
            )
        )


def signed_addresses_of(settings: Settings) -> SignedAddresses | None:
    """The reply addresses of cases; None where the shop's own address is not set."""
    if settings.support_email is None:
        return None
    secret = Secrets(settings.data_dir / "secrets").get("mail_addresses")
    return SignedAddresses(settings.support_email, secret)


async def _understood(settings: Settings, text: str) -> list[dict[str, Any]]:
    """Ask Rasa from a thread that has no loop of its own."""
    assistant = assistant_of(settings)
    try:
        return await assistant.understand(text)
    finally:
        await assistant.close()


def reception_of(services: Services) -> Reception:
    """Where mail comes in, in the worker. Raises MailboxAddressWrong."""
    settings, own = services.settings, services.signed_addresses
    listener = None
    if own is not None and settings.smtp_address is not None:
        host, port = settings.smtp_address
        listener = SmtpListener(services.receiving, own, host, port)
    mailbox = None
    if settings.imap_url is not None:
        mailbox = ImapMailbox(services.receiving, MailboxAddress.read(settings.imap_url))
    return Reception(
        services.drafting, listener, mailbox, poll_every_seconds=settings.imap_poll_seconds
    )


def assistant_of(settings: Settings) -> Assistant:
    """The client of the Rasa that the settings name."""
    return Assistant(
        settings.rasa_url or "http://127.0.0.1:5005",
        rasa_token(settings),
        settings.turn_timeout_seconds,
    )


def turns_of(services: Services, assistant: Assistant) -> Turns:
    """What works off the turns that are owed, in the web process."""
    return Turns(
        services.database,
        assistant,
        services.answering,
        services.clock,
        timeout_seconds=services.settings.turn_timeout_seconds,
        on_change=services.feed.wake,
    )
