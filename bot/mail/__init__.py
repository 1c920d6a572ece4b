"""Mail: what goes out is written with what it tells of, what comes in becomes a case."""

from bot.mail.delivery import Delivery
from bot.mail.errors import MailAddressError, MailTemplateError
from bot.mail.notices import MailNotices
from bot.mail.outbox import Outbox
from bot.mail.recipients import keep_format_wishes, unsubscribe
from bot.mail.replies import Replies
from bot.mail.templates import MailTemplates

__all__ = [
    "Delivery",
    "MailAddressError",
    "MailNotices",
    "MailTemplateError",
    "MailTemplates",
    "Outbox",
    "Replies",
    "keep_format_wishes",
    "unsubscribe",
]
