"""What can go wrong for somebody in a conversation, as words of the business."""


class ConversationError(Exception):
    """A refusal that a visitor or an agent can read; `code` is its stable name."""

    code = "refused"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ConversationNotFound(ConversationError):
    """There is no such conversation, or it is not this visitor's: nobody can tell which."""

    code = "conversation_not_found"

    def __init__(self) -> None:
        super().__init__("This conversation could not be found.")


class MessageRefused(ConversationError):
    """The message is empty, or its button is not there."""

    code = "message_refused"


class MessageTooLong(ConversationError):
    """The message has more characters than one message may have."""

    code = "message_too_long"


class ClientIdReused(ConversationError):
    """The same client id came with another body."""

    code = "client_id_reused"

    def __init__(self) -> None:
        super().__init__("This message was already sent with other words.")


class TooManyMessages(ConversationError):
    """The sender is faster than a person writes."""

    code = "too_many_messages"

    def __init__(self) -> None:
        super().__init__("That was a lot at once. Please wait a moment and send it again.")


class NotYours(ConversationError):
    """Another agent has the conversation, or it changed hands meanwhile."""

    code = "not_yours"


class NotPossible(ConversationError):
    """What an agent asked for does not fit how things stand now."""

    code = "not_possible"
