"""Puts the parts together: the one place that knows which service needs which."""

import asyncio
import random
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from typing import Any

from bot.accounts import Accounts
from bot.assistant import Assistant, Words
from bot.attachments import AttachmentLinks, Uploads
from bot.audit import Audit
from bot.cases import Cases, Codes, Links, Ratings
from bot.clock import Clock, clock_from
from bot.conversations.answering import Answering
from bot.conversations.desk import Desk
from bot.conversations.feed import Feed
from bot.conversations.handoff import Handoff
from bot.conversations.inbox import Inbox
from bot.conversations.intake import Intake
from bot.conversations.other_languages import OtherLanguages
from bot.conversations.ratings import ConversationRatings
from bot.conversations.turns import Turns
from bot.conversations.typing import Typing
from bot.conversations.upkeep import Upkeep
from bot.demand import Demand
from bot.mail import Delivery, MailNotices, MailTemplates, Outbox, Replies
from bot.mail.attachments import AttachmentFolder
from bot.mail.drafting import Drafting
from bot.mail.formats import Formats
from bot.mail.imap_mailbox import ImapMailbox, MailboxAddress
from bot.mail.incoming_view import IncomingMails
from bot.mail.mailbox_folder import MailboxFolder
from bot.mail.message import Sender
from bot.mail.outgoing import OutgoingMails
from bot.mail.receiving import Receiving
from bot.mail.reception import Reception
from bot.mail.signed_addresses import SignedAddresses
from bot.mail.smtp import SmtpAddress, SmtpServer
from bot.mail.smtp_listener import SmtpListener
from bot.mail.transcripts import Transcripts
from bot.mail.transports import Transport
from bot.orders import Catalogue, Orders
from bot.peaks import NoticeWording, Peaks
from bot.policy import BusinessCalendar, Policy, load_policy
from bot.privacy import Erasure, Export, People, Trackers
from bot.settings import ROOT, Secrets, Settings, rasa_token, signing_key
from bot.storage import Database
from bot.tickets import Clocks, Promises, TicketLookup, Tickets
from bot.tickets.promise_counts import PromiseCounts


@dataclass(frozen=True)
class Services:
    """What the edges of the product call."""

    settings: Settings
    clock: Clock
    database: Database
    policy: Policy
    calendar: BusinessCalendar
    peaks: Peaks
    words: Words
    audit: Audit
    accounts: Accounts
    orders: Orders
    catalogue: Catalogue
    ticket_lookup: TicketLookup
    codes: Codes
    cases: Cases
    ratings: Ratings
    links: Links
    intake: Intake
    desk: Desk
    inbox: Inbox
    answering: Answering
    demand: Demand
    upkeep: Upkeep
    feed: Feed
    typing: Typing
    clocks: Clocks
    promises: Promises
    promise_counts: PromiseCounts
    outbox: Outbox
    notices: MailNotices
    replies: Replies
    formats: Formats
    outgoing_mails: OutgoingMails
    signed_addresses: SignedAddresses | None
    attachments: AttachmentFolder
    uploads: Uploads
    conversation_ratings: ConversationRatings
    transcripts: Transcripts
    export: Export
    erasure: Erasure
    people: People
    attachment_links: AttachmentLinks
    receiving: Receiving
    drafting: Drafting
    incoming_mails: IncomingMails


def compose(settings: Settings, clock: Clock | None = None) -> Services:
    """All services on one database, by the settings' clock unless another one is given.

    Raises PolicyError, CalendarError or MailTemplateError.
    """
    clock = clock or clock_from(settings.clock_file)
    database = Database(settings.database)
    policy = load_policy(settings.policy_file)
    without_peaks = BusinessCalendar.of_settings(
        settings.calendar_zone,
        settings.calendar_opens,
        settings.calendar_closes,
        settings.calendar_country,
        region=settings.calendar_region,
        hours=settings.calendar_hours,
        exceptions=settings.calendar_exceptions,
    )
    peaks = Peaks(
        database,
        without_peaks,
        NoticeWording(settings.notices_dir, policy),
        clock,
        notice_shown=settings.peak_notice,
    )
    calendar = replace(without_peaks, peaks=peaks)
    words = Words(
        settings.responses_dir,
        policy,
        calendar=calendar,
        support_email=settings.support_email,
    )
    orders = Orders(database)
    key = cache(lambda: signing_key(settings))
    links = Links(settings.address, key)
    signed_addresses = signed_addresses_of(settings)
    outbox = Outbox(
        MailTemplates(settings.mail_templates_dir, policy),
        policy,
        Sender(policy.shop, settings.mail_from),
        support_email=settings.support_email,
        reply_to=signed_addresses.of_ticket if signed_addresses else None,
        unsubscribe_url=links.unsubscribe_url,
    )
    notices = MailNotices(outbox, policy, case_url=links.case_url, rating_urls=links.rating_urls)
    warn_before = timedelta(minutes=settings.clock_warning_minutes)
    tickets = Tickets(policy, calendar, notices, warn_before=warn_before)
    answering_mail = notices.answering_mail()
    of_mail = Tickets(policy, calendar, answering_mail, warn_before=warn_before)
    handoff = Handoff(words, tickets, calendar)
    demand = Demand(database)
    codes = Codes(database, outbox, key, clock, per_hour=settings.codes_per_hour)
    feed = Feed(database)
    attachments = AttachmentFolder(settings.data_dir / "attachments")
    export = Export(database, attachments, clock)
    erasure = Erasure(database, attachments, settings.mailbox_dir, Trackers(settings.data_dir))
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        policy=policy,
        calendar=calendar,
        peaks=peaks,
        words=words,
        audit=Audit(policy, settings.policy_file, words, ROOT, settings.mail_templates_dir),
        accounts=Accounts(database, clock, session_hours=settings.session_hours),
        orders=orders,
        catalogue=Catalogue(database),
        ticket_lookup=TicketLookup(database, clock),
        codes=codes,
        cases=Cases(database, words, policy, tickets, clock),
        ratings=Ratings(database, clock),
        links=links,
        intake=Intake(
            database, words, tickets, clock, messages_per_minute=settings.messages_per_minute
        ),
        desk=Desk(database, words, tickets, clock),
        inbox=Inbox(database, orders),
        answering=Answering(
            database,
            words,
            tickets,
            handoff,
            demand,
            OtherLanguages(words, tickets),
            codes,
            clock,
        ),
        demand=demand,
        upkeep=Upkeep(
            database,
            handoff,
            clock,
            unclaimed_after=timedelta(seconds=settings.unclaimed_after_seconds),
            close_after=timedelta(days=settings.close_after_quiet_days),
        ),
        feed=feed,
        typing=Typing(feed.wake, clock),
        clocks=Clocks(database),
        promises=Promises(policy, calendar),
        promise_counts=PromiseCounts(database, clock),
        outbox=outbox,
        notices=notices,
        replies=Replies(
            database, notices, clock, quiet=timedelta(seconds=settings.reply_quiet_seconds)
        ),
        formats=Formats(database),
        outgoing_mails=OutgoingMails(database),
        signed_addresses=signed_addresses,
        attachments=attachments,
        conversation_ratings=ConversationRatings(database, clock),
        transcripts=Transcripts(database, outbox, words.shop_zone, clock),
        export=export,
        erasure=erasure,
        people=People(database, export, erasure),
        uploads=Uploads(database, attachments, clock),
        attachment_links=AttachmentLinks(key, clock),
        receiving=Receiving(database, attachments, signed_addresses, of_mail.visitor_wrote, clock),
        drafting=Drafting(
            database,
            words,
            of_mail,
            answering_mail,
            demand,
            lambda text: asyncio.run(_understood(settings, text)),
            clock,
        ),
        incoming_mails=IncomingMails(database),
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


def delivery_of(services: Services) -> Delivery:
    """What sends the mails that are owed, in the worker. Raises MailAddressError."""
    settings = services.settings
    return Delivery(
        services.database,
        transport_of(settings),
        Sender(services.policy.shop, settings.mail_from),
        services.clock,
        chance=random.random,
        promises=services.promises,
    )


def transport_of(settings: Settings) -> Transport:
    """The mail server of the settings, or the mailbox on disk. Raises MailAddressError."""
    if settings.smtp_url is None:
        return MailboxFolder(settings.mailbox_dir)
    hello_from = settings.mail_from.rpartition("@")[2]
    return SmtpServer(SmtpAddress.of(settings.smtp_url), hello_from=hello_from)


def turns_of(services: Services, assistant: Assistant) -> Turns:
    """What works off the turns that are owed, in the web process."""

    def tell(conversation_id: str) -> None:
        services.typing.ended(conversation_id, "bot")
        services.feed.wake(conversation_id)

    return Turns(
        services.database,
        assistant,
        services.answering,
        services.clock,
        timeout_seconds=services.settings.turn_timeout_seconds,
        on_change=tell,
        on_typing=partial(services.typing.note, sender="bot"),
    )
