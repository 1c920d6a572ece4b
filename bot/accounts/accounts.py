"""Accounts and sign-ins: made, checked, ended."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property

from argon2 import PasswordHasher, profiles
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from bot.accounts.attempts import Attempts
from bot.accounts.errors import AccountExists, NotAnEmail, SignInRefused, WeakPassword
from bot.accounts.views import NewSignIn, Role, SignedIn
from bot.storage import Database
from bot.storage.tables import Account, SignIn

SHORTEST_PASSWORD = 12  # characters
NOTED_EVERY = timedelta(seconds=30)
EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+")
LONGEST_EMAIL = 254
LONGEST_NAME = 120


class Accounts:
    """The accounts of the shop's people. Every method may raise bot.storage.DatabaseUnavailable.

    Hashing a password takes a few tenths of a second and 64 MiB: call `add` and `sign_in` in a
    thread, a few at a time.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        *,
        session_hours: int,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._lasts = timedelta(hours=session_hours)
        self._hasher = hasher or PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
        self._attempts = Attempts()

    def add(
        self, email: str, name: str, role: Role | str, password: str, *, demonstration: bool = False
    ) -> None:
        """Make an account. Raises AccountExists, NotAnEmail or WeakPassword.

        Raises ValueError for a role or a name that there cannot be.
        """
        role, name, email = Role(role), name.strip(), _normalised(email)
        if not _is_email(email):
            raise NotAnEmail
        if not 0 < len(name) <= LONGEST_NAME:
            raise ValueError(f"a name has 1 to {LONGEST_NAME} characters")
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPassword(SHORTEST_PASSWORD)
        account = Account(
            email=email,
            name=name,
            role=role.value,
            password_hash=self._hasher.hash(_bytes(password)),
            available=False,
            demonstration=demonstration,
            created_at=self._clock(),
        )
        try:
            with self._database.write() as session:
                session.add(account)
                session.flush()
        except IntegrityError as error:
            raise AccountExists(email) from error

    def keep_demonstration(self, email: str, name: str, role: Role, password: str) -> bool:
        """See that this demonstration account exists with this password.

        False where the address belongs to an account that is not the demonstration's: it stays
        as it is.
        """
        with self._database.read() as session:
            account = session.scalars(select(Account).where(Account.email == email)).one_or_none()
        if account is None:
            self.add(email, name, role, password, demonstration=True)
            return True
        if account.demonstration and not self._right(account.password_hash, password):
            self._change_password(account.id, password)
        return account.demonstration

    def sign_in(
        self, email: str, password: str, *, address: str = "", replacing: str | None = None
    ) -> NewSignIn:
        """Sign a person in, always under a new id; the sign-in of the cookie `replacing` ends.

        `address` is where the attempt comes from. Raises SignInRefused, the same and after the
        same work whichever of the two was wrong, and TooManyAttempts.
        """
        email, now = _normalised(email), self._clock()
        self._attempts.begin(email, address, now)
        stored, account = self._nobodys_hash, self._account_of(email)
        if account:
            stored = account.password_hash
        if not self._right(stored, password) or account is None:
            raise SignInRefused
        self._attempts.succeeded(email, address)
        return self._new_sign_in(account, replacing, now)

    def _account_of(self, email: str) -> Account | None:
        with self._database.read() as session:
            return session.scalars(
                select(Account).where(Account.email == (email if _is_email(email) else ""))
            ).one_or_none()

    def _new_sign_in(self, account: Account, replacing: str | None, now: datetime) -> NewSignIn:
        cookie, form_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        expires_at = now + self._lasts
        with self._database.write() as session:
            session.execute(delete(SignIn).where(SignIn.expires_at <= now))
            if replacing:
                session.execute(delete(SignIn).where(SignIn.id == _id(replacing)))
            session.add(
                SignIn(
                    id=_id(cookie),
                    account_id=account.id,
                    form_token=form_token,
                    created_at=now,
                    seen_at=now,
                    expires_at=expires_at,
                )
            )
        return NewSignIn(
            account_id=account.id,
            name=account.name,
            email=account.email,
            role=Role(account.role),
            form_token=form_token,
            available=account.available,
            cookie=cookie,
            expires_at=expires_at,
        )

    def who(self, cookie: str) -> SignedIn | None:
        """The person this cookie signed in, None where there is none or it has expired.

        Notes that they are there, at most every 30 s.
        """
        now = self._clock()
        with self._database.read() as session:
            found = session.get(SignIn, _id(cookie))
            if found is None or found.expires_at <= now:
                return None
            account = found.account
        if found.seen_at <= now - NOTED_EVERY:
            self._note_seen(found.id, now)
        return SignedIn(
            account_id=account.id,
            name=account.name,
            email=account.email,
            role=Role(account.role),
            form_token=found.form_token,
            available=account.available,
        )

    def _note_seen(self, sign_in_id: str, now: datetime) -> None:
        with self._database.write() as session:
            session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))

    def sign_out(self, cookie: str) -> None:
        """End the sign-in of this cookie, if there is one."""
        with self._database.write() as session:
            session.execute(delete(SignIn).where(SignIn.id == _id(cookie)))

    def set_available(self, account_id: int, available: bool) -> None:
        """Whether conversations may be given to this person."""
        with self._database.write() as session:
            session.execute(
                update(Account).where(Account.id == account_id).values(available=available)
            )

    def _change_password(self, account_id: int, password: str) -> None:
        hashed = self._hasher.hash(_bytes(password))
        with self._database.write() as session:
            session.execute(
                update(Account).where(Account.id == account_id).values(password_hash=hashed)
            )
            session.execute(delete(SignIn).where(SignIn.account_id == account_id))

    def _right(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, _bytes(password))
        except VerifyMismatchError:
            return False

    @cached_property
    def _nobodys_hash(self) -> str:
        """Verified for an unknown address, so that its refusal costs what every refusal costs."""
        return self._hasher.hash(secrets.token_bytes(32))


def _normalised(email: str) -> str:
    return email.strip().lower()


def _is_email(email: str) -> bool:
    return len(email) <= LONGEST_EMAIL and EMAIL.fullmatch(email) is not None


def _bytes(password: str) -> bytes:
    # Keyboards compose accents differently; a command line may hand over broken Unicode.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _id(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "surrogatepass")).hexdigest()
