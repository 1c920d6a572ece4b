"""What can be wrong with mail, in words for the owner and for agents."""


class MailTemplateError(Exception):
    """A template that cannot be used; one line for each fault: file, line, what is wrong."""


class MailAddressError(Exception):
    """Where mail is to be handed over cannot be read; the text says what to mend, no password."""
