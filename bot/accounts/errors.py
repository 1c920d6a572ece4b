"""What can go wrong with an account or a sign-in, as words of the business."""


class AccountError(Exception):
    """A refusal with a sentence that the person in front of it can read."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class AccountExists(AccountError):
    """Somebody has an account with this e-mail address already."""

    def __init__(self, email: str) -> None:
        super().__init__(f"There is already an account for {email}.")


class NotAnEmail(AccountError):
    """The account's address cannot be one."""

    def __init__(self) -> None:
        super().__init__("That is not an e-mail address.")


class WeakPassword(AccountError):
    """The password is too short to be one."""

    def __init__(self, characters: int) -> None:
        super().__init__(f"A password needs at least {characters} characters.")


class SignInRefused(AccountError):
    """The e-mail address or the password is wrong; nobody learns which."""

    def __init__(self) -> None:
        super().__init__("This e-mail address and password do not belong together.")
