"""Why a file is not taken, as words of the business."""

from bot.attachments.kinds import LARGEST


class AttachmentError(Exception):
    """A refusal that a visitor can read; `code` is its stable name."""

    code = "refused"
    sentence = "This file was not taken."

    def __init__(self) -> None:
        super().__init__(self.sentence)


class AttachmentTooLarge(AttachmentError):
    """The file has more bytes than one may have."""

    code = "attachment_too_large"
    sentence = f"That file is larger than {LARGEST // 2**20} MB. Please send a smaller picture."


class AttachmentNotSupported(AttachmentError):
    """It is not a picture, or a broken one, whatever it is called."""

    code = "attachment_not_supported"
    sentence = (
        "That is not a picture that can be opened here. Please send a JPEG, PNG, WebP, GIF or HEIC "
        "picture, or a screenshot of it."
    )


class AttachmentTooManyPixels(AttachmentNotSupported):
    """The picture would be larger than 25 megapixels."""

    sentence = "That picture has too many pixels to be opened here. Please send a smaller one."


class TooManyAttachments(AttachmentError):
    """More pictures than a person sends, or more than one message takes."""

    code = "too_many_attachments"
    sentence = "Those are many pictures at once. Please send some of them later."


class AttachmentReused(AttachmentError):
    """The same client id came with another file."""

    code = "client_id_reused"
    sentence = "This picture was already sent with other content. Please choose it again."


class AttachmentNotThere(AttachmentError):
    """A message names a file that is not this conversation's, or went with another message."""

    code = "attachment_not_found"
    sentence = "One of the pictures could not be found. Please choose it again."
