"""One-time codes: six digits, mailed to the address of a case, that prove whose case it is."""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.cases.letters import Letters
from bot.storage import Database
from bot.storage.tables import Ticket
from bot.storage.tables_cases import OneTimeCode
from bot.tickets.reference import read_reference

DIGITS = 6
LASTS = timedelta(minutes=10)
TRIES = 5
PROOF_LASTS = timedelta(minutes=30)  # what a right code opens stays open as long
COUNTED = timedelta(hours=1)  # not the policy's: what codes are counted by
KEPT = timedelta(days=1)  # not the policy's: then a code is forgotten
TEMPLATE = "one_time_code"
_HYPHENS = frozenset("-‐‑‒–—−")


class Codes:
    """A code is good only for who asked for it: a conversation's id, or a browser's cookie.

    So nobody else's wrong tries count against it, and nobody can be talked out of one. Asking
    tells nothing: a reference that nobody has, or whose case has no address, gets the same row,
    the same answer and the same refusals. Every method may raise DatabaseUnavailable.
    """

    def __init__(
        self,
        database: Database,
        letters: Letters,
        key: Callable[[], str],
        clock: Callable[[], datetime],
        *,
        per_hour: int,
    ) -> None:
        self._database = database
        self._letters = letters
        self._key = key
        self._clock = clock
        self._per_hour = per_hour

    def ask(self, asker: str, reference: str) -> None:
        """Mail a code to the address of this case, in a transaction of its own."""
        with self._database.write() as session:
            self.send(session, asker, reference, self._clock())

    def send(self, session: Session, asker: str, reference: str, now: datetime) -> None:
        """Mail a code, which replaces the one this asker had for this case.

        Beyond the codes that an address gets in an hour, the one that was sent last stays good.
        """
        spelled = read_reference(reference) or ""
        ticket = session.scalars(
            # Locked, so that two who ask at once cannot have more than the hour's codes.
            select(Ticket).where(Ticket.reference == spelled).with_for_update()
        ).one_or_none()
        address = (ticket.email if ticket else None) or ""
        address_hash = _digest(address.lower() or spelled)
        session.execute(delete(OneTimeCode).where(OneTimeCode.asked_at < now - KEPT))
        sent = session.scalar(
            select(func.count())
            .select_from(OneTimeCode)
            .where(
                OneTimeCode.address_hash == address_hash,
                OneTimeCode.asked_at > now - COUNTED,
            )
        )
        too_many = (sent or 0) >= self._per_hour
        if too_many and _newest(session, asker, spelled):
            return
        code = _new_code()
        mailed = ticket is not None and bool(address) and not too_many
        session.add(
            OneTimeCode(
                asker=_digest(asker),
                reference=spelled,
                ticket_id=ticket.id if ticket and mailed else None,
                address_hash=address_hash,
                code_hash=self._hash(asker, spelled, code),
                tries=0,
                asked_at=now,
                expires_at=now + LASTS,
            )
        )
        session.flush()
        if mailed:
            self._letters.write(
                session,
                to=address,
                template=TEMPLATE,
                values={"code": f"{code[:3]} {code[3:]}", "reference": spelled},
                now=now,
                ticket=ticket,
            )

    def prove(self, asker: str, reference: str, code: str) -> bool:
        """Whether this is the code that was mailed; each wrong one uses up one of its tries.

        The same right code again, as when an answer was lost on its way, is right again.
        """
        spelled, now = read_reference(reference) or "", self._clock()
        given = self._hash(asker, spelled, read_code(code) or "")
        with self._database.write() as session:
            row = _newest(session, asker, spelled)
            if row and row.proved_at:
                return _still_proves(row, now) and hmac.compare_digest(row.code_hash, given)
            tried = session.execute(
                update(OneTimeCode)
                .where(
                    OneTimeCode.id == (row.id if row else 0),
                    OneTimeCode.tries < TRIES,
                    OneTimeCode.expires_at > now,
                    OneTimeCode.proved_at.is_(None),
                )
                .values(tries=OneTimeCode.tries + 1)
                .returning(OneTimeCode.code_hash, OneTimeCode.ticket_id)
                .execution_options(synchronize_session=False)
            ).one_or_none()
            stored = tried.code_hash if tried else self._hash(asker, spelled, _new_code())
            right = hmac.compare_digest(stored, given)
            if not (row and tried and right and tried.ticket_id):
                return False
            session.execute(
                update(OneTimeCode).where(OneTimeCode.id == row.id).values(proved_at=now)
            )
            return True

    def is_proved(self, asker: str, reference: str) -> bool:
        """Whether this asker proved the case lately."""
        with self._database.read() as session:
            return _proof(session, asker, reference, self._clock()) is not None

    def is_asked(self, asker: str, reference: str) -> bool:
        """Whether a code that this asker asked for may still be typed."""
        spelled = read_reference(reference) or ""
        with self._database.read() as session:
            row = _newest(session, asker, spelled)
            return row is not None and row.proved_at is None and row.expires_at > self._clock()

    def hand_over(self, asker: str, reference: str, to: str) -> None:
        """Give a proof to another name of the same asker, as the cookie after a sign-in."""
        with self._database.write() as session:
            proof = _proof(session, asker, reference, self._clock())
            if proof:
                proof.asker = _digest(to)

    def end(self, asker: str) -> None:
        """Forget what this asker asked for and proved."""
        with self._database.write() as session:
            session.execute(
                update(OneTimeCode)
                .where(OneTimeCode.asker == _digest(asker))
                .values(asker="", ticket_id=None)  # it still counts among the hour's codes
            )

    def _hash(self, asker: str, reference: str, code: str) -> str:
        text = f"one-time code\n{asker}\n{reference}\n{code}"
        return hmac.new(self._key().encode(), text.encode(), hashlib.sha256).hexdigest()


def read_code(text: str) -> str | None:
    """The six digits that somebody typed or pasted, with blanks and hyphens or without."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and c not in _HYPHENS
    )
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdecimal() else None


def _newest(session: Session, asker: str, spelled: str) -> OneTimeCode | None:
    return session.scalars(
        select(OneTimeCode)
        .where(OneTimeCode.asker == _digest(asker), OneTimeCode.reference == spelled)
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    ).one_or_none()


def _proof(session: Session, asker: str, reference: str, now: datetime) -> OneTimeCode | None:
    row = session.scalars(
        select(OneTimeCode)
        .where(
            OneTimeCode.asker == _digest(asker),
            OneTimeCode.reference == (read_reference(reference) or ""),
            OneTimeCode.ticket_id.is_not(None),
            OneTimeCode.proved_at.is_not(None),
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    ).one_or_none()
    return row if row and _still_proves(row, now) else None


def _still_proves(row: OneTimeCode, now: datetime) -> bool:
    return bool(row.ticket_id and row.proved_at and row.proved_at + PROOF_LASTS > now)


def _new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def _digest(text: str) -> str:
    # Text from outside may hold halves of surrogate pairs.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
