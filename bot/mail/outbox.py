"""Writing a mail: stored with its job in the transaction of whatever it tells of."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.mail.errors import MailAddressError
from bot.mail.message import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    Sender,
    mail_address,
    message_ids,
    one_line,
    readable,
)
from bot.mail.recipients import has_unsubscribed, recipient_of
from bot.mail.rendering import render
from bot.mail.templates import LONGEST_SUBJECT, MailTemplates
from bot.policy import Policy
from bot.storage.tables import Job, Ticket
from bot.storage.tables_outgoing import OutgoingMail, Recipient
from bot.tickets import add_cause

MAIL_JOB = "mail"
# Somebody asked for these, or a person wrote them; all others are marked as automatic.
NOT_AUTOMATIC = frozenset({"one_time_code", "agent_reply", "transcript"})
# Nobody has to be sent these: they can be refused with one click.
REFUSABLE = frozenset({"follow_up"})
ANSWERS_A_DAY = 5  # written by no person, to one address's mails; more would be a loop
# The words of RFC 3834 for what answers a mail that came in, and for all else that is automatic.
MARK = "Auto-Submitted"
ANSWERING, OTHERWISE_AUTOMATIC = "auto-replied", "auto-generated"
_A_DAY = timedelta(days=1)  # not the policy's: what loops are held to
_THREAD_SHOWN = 20  # ids in References: the first, and the last ones


class Outbox:
    """Every mail that leaves is written here."""

    def __init__(
        self,
        templates: MailTemplates,
        policy: Policy,
        sender: Sender,
        *,
        support_email: str | None = None,
        reply_to: Callable[[Ticket], str] | None = None,
        unsubscribe_url: Callable[[str], str] | None = None,
    ) -> None:
        self._templates = templates
        self._sender = sender
        self._reply_to = reply_to
        self._unsubscribe_url = unsubscribe_url
        self._constants = dict(policy.placeholders())
        if support_email:
            self._constants["support_email"] = support_email

    def write(
        self,
        session: Session,
        *,
        to: str,
        template: str,
        values: Mapping[str, Any],
        now: datetime,
        ticket: Ticket | None = None,
        in_reply_to: str | None = None,
        format_wishes: Mapping[str, Any] | None = None,
        occasion: str | None = None,
        answers_mail: bool = False,
    ) -> OutgoingMail:
        """Store the mail and its job; both exist only if the caller's transaction commits.

        `in_reply_to` is the Message-ID of the mail it answers; `answers_mail` says that nothing
        but a mail that came in has caused it, and an address gets only so many of these a day.
        `format_wishes` are for this mail only, beside those the address has. A second mail on the
        same `occasion` is not written: the first is given. A mail that may not be sent is stored
        as refused, without a job, and its cause is told on the ticket. Raises KeyError for a
        template that there is not, or a value it lacks.
        """
        if occasion and (told := _told_already(session, occasion)):
            return told
        automatic = template not in NOT_AUTOMATIC
        try:
            address, cause = mail_address(to), None
        except MailAddressError as error:
            address, cause = one_line(to, LONGEST_ADDRESS), str(error)
        recipient = recipient_of(session, address)
        cause = cause or _refusal(session, recipient, template, automatic and answers_mail, now)
        said = {name: readable(str(value)) for name, value in values.items() if value is not None}
        links = self._unsubscribing(template, address)
        wishes = {**recipient.format_wishes, **(format_wishes or {})}
        rendered = render(
            self._templates.get(template), {**said, **links, **self._constants}, wishes
        )
        mail = OutgoingMail(
            message_id=f"<{secrets.token_hex(16)}@{self._sender.domain}>",
            ticket_id=ticket.id if ticket else None,
            template=template,
            occasion=occasion,
            recipient=recipient.address,
            to_address=address,
            to_name=one_line(said.get("name", ""), LONGEST_NAME) or None,
            subject=one_line(rendered.subject, LONGEST_SUBJECT),
            text=rendered.text,
            html=rendered.html,
            headers={
                **_thread(session, ticket, in_reply_to),
                **(self._automatic_headers(answers_mail) if automatic else {}),
                **_unsubscribe_headers(links.get("unsubscribe_url")),
                **({"Reply-To": self._reply_to(ticket)} if ticket and self._reply_to else {}),
            },
            created_at=now,
            refused_at=now if cause else None,
            cause=cause,
            next_attempt_at=None if cause else now,
        )
        session.add(mail)
        session.flush()
        if cause and ticket:
            add_cause(ticket, f"Our mail “{mail.subject}” was not sent to {address}: {cause}")
        if not cause:
            session.add(Job(kind=MAIL_JOB, payload={"mail_id": mail.id}, created_at=now))
        return mail

    def wants_follow_ups(self, session: Session, address: str) -> bool:
        """Whether the owner of this address takes mails that need not be."""
        return not has_unsubscribed(session, address)

    def _unsubscribing(self, template: str, address: str) -> dict[str, str]:
        if template not in REFUSABLE or self._unsubscribe_url is None:
            return {}
        return {"unsubscribe_url": self._unsubscribe_url(address)}

    def _automatic_headers(self, answers_mail: bool) -> dict[str, str]:
        # The first is the standard's; the second keeps out-of-office notes of one large mail
        # system away; by the third we know our own mail when it comes back.
        return {
            MARK: ANSWERING if answers_mail else OTHERWISE_AUTOMATIC,
            "X-Auto-Response-Suppress": "All",
            "X-Loop": self._sender.address,
        }


def _told_already(session: Session, occasion: str) -> OutgoingMail | None:
    return session.scalars(
        select(OutgoingMail).where(OutgoingMail.occasion == occasion)
    ).one_or_none()


def _refusal(
    session: Session, recipient: Recipient, template: str, answers_mail: bool, now: datetime
) -> str | None:
    """Why this mail may not be sent; the recipient is locked, so that two cannot both be fifth."""
    if template in REFUSABLE and recipient.unsubscribed_at is not None:
        return "the address wants no mails of this kind"
    if not answers_mail:
        return None
    today = session.scalar(
        select(func.count())
        .select_from(OutgoingMail)
        .where(
            OutgoingMail.recipient == recipient.address,
            OutgoingMail.created_at > now - _A_DAY,
            OutgoingMail.headers[MARK].as_string() == ANSWERING,
            OutgoingMail.refused_at.is_(None),
        )
    )
    if (today or 0) < ANSWERS_A_DAY:
        return None
    return f"{ANSWERS_A_DAY} of this address's mails were answered automatically within a day"


def _thread(session: Session, ticket: Ticket | None, in_reply_to: str | None) -> dict[str, str]:
    """In-Reply-To and References, so that mail programs show a ticket's mails as one thread."""
    earlier: list[str] = []
    if ticket is not None:
        last = session.scalars(
            select(OutgoingMail)
            .where(OutgoingMail.ticket_id == ticket.id, OutgoingMail.refused_at.is_(None))
            .order_by(OutgoingMail.id.desc())
            .limit(1)
        ).one_or_none()
        if last is not None:
            earlier = [*message_ids(last.headers.get("References")), last.message_id]
    thread = list(dict.fromkeys([*earlier, *message_ids(in_reply_to)[:1]]))
    if not thread:
        return {}
    shown = thread[:1] + thread[1:][-(_THREAD_SHOWN - 1) :]
    return {"In-Reply-To": thread[-1], "References": " ".join(shown)}


def _unsubscribe_headers(url: str | None) -> dict[str, str]:
    """One click, as RFC 8058 has it: the mail program posts these words to the address."""
    if url is None:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
