"""The worker's round of mail: leases what is owed, hands it over, and waits longer each time."""

import logging
import os
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.mail.message import Sender, to_letter
from bot.mail.outbox import MAIL_JOB
from bot.mail.transports import MailPutOff, MailRefused, ServerAway, ServerSilent, Transport
from bot.storage import Database
from bot.storage.tables import Job, Ticket
from bot.storage.tables_outgoing import OutgoingMail
from bot.tickets import add_cause

LEASE = timedelta(seconds=90)  # longer than a mail takes; after it another worker sends it again
# A round ends after either, so that a worker that is to stop does not break off a mail.
MAILS_A_ROUND = 100
ROUND_SECONDS = 2.0
FIRST_WAIT = timedelta(seconds=15)
# Mail leaves within five minutes of the server's return, so no wait may be longer than this.
LONGEST_WAIT = timedelta(minutes=4)
GIVE_UP_AFTER = timedelta(days=5)  # not the policy's: what mail servers do
# In the job of a mail that found the server away: since when it was, read by OutgoingMails.
AWAY_SINCE = "away_since"
# Forgotten once they have left: a code is for its reader alone, and kept only as a hash.
SECRET = frozenset({"one_time_code"})

log = logging.getLogger(__name__)


class KeepsPromises(Protocol):
    """Takes down that a promise was kept."""

    def keep(self, session: Session, ticket_id: int, kind: str, at: datetime) -> None:
        """What of this kind was promised for the ticket was done at this instant."""


class Delivery:
    """Sends the mails that are owed: at least once each, with the same Message-ID each time."""

    def __init__(
        self,
        database: Database,
        transport: Transport,
        sender: Sender,
        clock: Callable[[], datetime],
        *,
        chance: Callable[[], float],
        promises: KeepsPromises,
        lease: timedelta = LEASE,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        """`chance` gives numbers from 0 to 1, for the jitter of the waits.

        `stopwatch` gives seconds; a round is measured by it.
        """
        self._database = database
        self._transport = transport
        self._sender = sender
        self._clock = clock
        self._chance = chance
        self._promises = promises
        self._lease_for = lease
        self._stopwatch = stopwatch
        self._holder = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._times_away = 0  # in a row
        self._rest_until: datetime | None = None
        self._not_stored: dict[int, tuple[int, datetime]] = {}  # taken by the server: job, when

    def work(self) -> int:
        """Send what is due, up to a round's measure; gives how many mails were taken.

        Raises DatabaseUnavailable; what the server took meanwhile is stored in the next round.
        """
        for mail_id, (job_id, at) in list(self._not_stored.items()):
            self._store_taken(mail_id, job_id, at)
        if self._rest_until and self._clock() < self._rest_until:
            return 0
        taken, began = 0, self._stopwatch()
        try:
            for _ in range(MAILS_A_ROUND):
                if self._stopwatch() - began >= ROUND_SECONDS:
                    break
                leased = self._lease()
                if leased is None:
                    break
                mail, job_id = leased
                try:
                    taken += self._send(mail, job_id)
                except ServerAway as error:
                    self._wait(mail.id, job_id, self._rest(str(error)), str(error), away=True)
                    break
                except ServerSilent as error:
                    # After the others: if it is this mail that the server cannot bear, they leave.
                    behind = self._rest(str(error)) + FIRST_WAIT
                    self._put_off(mail, job_id, str(error), not_before=behind)
                    break
        finally:
            self._transport.close()
        return taken

    def _lease(self) -> tuple[OutgoingMail, int] | None:
        """The oldest mail that is due, counted as tried before it is."""
        now = self._clock()
        with self._database.write() as session:
            job = session.scalars(
                select(Job)
                .where(
                    Job.done_at.is_(None),
                    Job.kind == MAIL_JOB,
                    Job.conversation_id.is_(None),  # so that the index of open jobs gives the order
                    or_(Job.leased_until.is_(None), Job.leased_until <= now),
                )
                .order_by(Job.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if job is None:
                return None
            mail = session.get_one(OutgoingMail, job.payload["mail_id"])
            job.leased_by, job.leased_until = self._holder, now + self._lease_for
            job.attempts += 1
            mail.attempts += 1
            return mail, job.id

    def _send(self, mail: OutgoingMail, job_id: int) -> bool:
        try:
            self._transport.send(to_letter(mail, self._sender))
        except MailRefused as error:
            self._refuse(mail.id, job_id, str(error))
        except MailPutOff as error:
            self._put_off(mail, job_id, str(error))
        except (ServerAway, ServerSilent):
            raise
        except Exception as fault:
            # A mail that nothing can be made of must not stop the ones behind it.
            log.exception("mail %s cannot be sent", mail.id)
            self._refuse(mail.id, job_id, f"it cannot be written: {fault!r}")
        else:
            self._times_away, self._rest_until = 0, None
            self._store_taken(mail.id, job_id, self._clock())
            return True
        return False

    def _store_taken(self, mail_id: int, job_id: int, at: datetime) -> None:
        """Until this is stored the mail would be sent again, so it is not forgotten."""
        self._not_stored[mail_id] = (job_id, at)
        with self._database.write() as session:
            mail = session.get(OutgoingMail, mail_id, with_for_update=True)
            if mail is not None and mail.sent_at is None:  # none: it was erased meanwhile
                mail.sent_at, mail.next_attempt_at, mail.cause = at, None, None
                if mail.template in SECRET and self._transport.leaves_here:
                    mail.text, mail.html = "", None
                if mail.template == "acknowledgement" and mail.ticket_id:
                    self._promises.keep(session, mail.ticket_id, "acknowledgement", at)
            _end(session, job_id, at, "sent")
        del self._not_stored[mail_id]

    def _refuse(self, mail_id: int, job_id: int, cause: str) -> None:
        """The mail is not sent again; the agents find the cause on its ticket."""
        log.warning("mail %s was refused: %s", mail_id, cause)
        now = self._clock()
        with self._database.write() as session:
            mail = session.get(OutgoingMail, mail_id, with_for_update=True)
            if mail is None:
                return
            mail.refused_at, mail.next_attempt_at, mail.cause = now, None, cause
            _end(session, job_id, now, cause)
            if mail.ticket_id:
                ticket = session.get_one(Ticket, mail.ticket_id, with_for_update=True)
                add_cause(
                    ticket, f"Our mail “{mail.subject}” did not reach {mail.to_address}: {cause}"
                )

    def _put_off(
        self,
        mail: OutgoingMail,
        job_id: int,
        cause: str,
        *,
        not_before: datetime | None = None,
    ) -> None:
        now = self._clock()
        if now - mail.created_at > GIVE_UP_AFTER:
            self._refuse(mail.id, job_id, cause)
            return
        until = now + self._pause(mail.attempts)
        away = not_before is not None
        self._wait(mail.id, job_id, max(until, not_before or until), cause, away=away)

    def _rest(self, cause: str) -> datetime:
        """No mail is tried until the instant given; the one that found out carries the cause."""
        log.warning("no mail can be sent: %s", cause)
        self._times_away += 1
        self._rest_until = self._clock() + self._pause(self._times_away)
        return self._rest_until

    def _wait(self, mail_id: int, job_id: int, until: datetime, cause: str, *, away: bool) -> None:
        with self._database.write() as session:
            mail = session.get(OutgoingMail, mail_id)
            job = session.get(Job, job_id)
            if mail is None or job is None:
                return
            mail.cause, mail.next_attempt_at = cause, until
            job.leased_by, job.leased_until = None, until
            since = job.payload.get(AWAY_SINCE) or self._clock().isoformat()
            job.payload = {"mail_id": mail_id, **({AWAY_SINCE: since} if away else {})}

    def _pause(self, times: int) -> timedelta:
        """Twice as long each time; a random half of it, so that not all come back at once."""
        longest = min(FIRST_WAIT * (1 << min(times - 1, 10)), LONGEST_WAIT)
        return longest * (0.5 + 0.5 * self._chance())


def _end(session: Session, job_id: int, now: datetime, outcome: str) -> None:
    job = session.get(Job, job_id)
    if job is None:
        return  # its mail was erased
    job.done_at, job.outcome, job.leased_until = now, outcome, None
