"""Puts the parts together: the one place that knows which service needs which."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from bot.accounts import Accounts
from bot.assistant import Assistant, Words
from bot.cases import Cases, Codes, Links, NoLetters, Ratings
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
from bot.orders import Catalogue, Orders
from bot.policy import BusinessCalendar, Policy, load_policy
from bot.settings import Settings, rasa_token, signing_key
from bot.storage import Database
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
    key = cache(lambda: signing_key(settings))
    codes = Codes(database, NoLetters(), key, clock, per_hour=settings.codes_per_hour)
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
        codes=codes,
        cases=Cases(database, words, policy, tickets, clock),
        ratings=Ratings(database, clock),
        links=Links(settings.address, key),
        intake=Intake(database, words, clock, messages_per_minute=settings.messages_per_minute),
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
        feed=Feed(database),
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
