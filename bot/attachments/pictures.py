"""Makes a picture anew, pixels only: what else a file carries does not come through."""

import io
import threading
import warnings
from dataclasses import dataclass
from typing import Any

import pillow_heif
from PIL import Image, ImageOps

from bot.attachments.kinds import type_of

MOST_PIXELS = 25_000_000
THUMBNAIL_SIDE = 320  # pixels, the longer one
JPEG_QUALITY = 88
_FORMAT_OF = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
}
# Written as: a photo stays a JPEG, a screenshot loses nothing.
_WRITTEN_AS = {
    "JPEG": ("JPEG", "image/jpeg", ".jpg"),
    "HEIF": ("JPEG", "image/jpeg", ".jpg"),
    "PNG": ("PNG", "image/png", ".png"),
    "GIF": ("PNG", "image/png", ".png"),
    "WEBP": ("WEBP", "image/webp", ".webp"),
}
# A picture of 25 megapixels takes up to 300 MB while it is made anew: one at a time.
_ONE_AT_A_TIME = threading.Lock()


class NotAPicture(Exception):
    """It is none of the kinds of picture that can be made anew, or it is broken."""


class TooManyPixels(NotAPicture):
    """It would be larger than 25 megapixels."""


@dataclass(frozen=True)
class Picture:
    """A picture made anew, with a small one of it; sizes in pixels."""

    content: bytes
    thumbnail: bytes
    media_type: str
    ending: str
    width: int
    height: int


def made_anew(content: bytes) -> Picture:
    """The first frame of this picture, upright, without EXIF, place, profile or what is behind it.

    Its size is checked before a pixel is decoded. Raises NotAPicture or TooManyPixels. It takes
    up to seconds: call it in a thread.
    """
    kind = type_of(content)
    name = _FORMAT_OF.get(kind[0]) if kind else None
    if name is None:
        raise NotAPicture
    with _ONE_AT_A_TIME:
        try:
            return _made(content, name)
        except NotAPicture:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise TooManyPixels from error
        except Exception as error:  # decoders raise whatever they stumble over
            raise NotAPicture from error


def _made(content: bytes, name: str) -> Picture:
    if name == "HEIF":
        pillow_heif.register_heif_opener(thumbnails=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(content), formats=[name]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise TooManyPixels
            upright = _pixels_only(_upright(opened))
    written, media_type, ending = _WRITTEN_AS[name]
    whole = _written(upright, written)
    width, height = upright.size
    upright.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Picture(whole, _written(upright, written), media_type, ending, width, height)


def _upright(opened: Image.Image) -> Image.Image:
    opened.load()
    # Half of all phones write the picture lying down and say so in the EXIF that is left out.
    return ImageOps.exif_transpose(opened)


def _pixels_only(picture: Image.Image) -> Image.Image:
    transparent = "A" in picture.getbands() or "transparency" in picture.info
    plain = picture.convert("RGBA" if transparent else "RGB")
    plain.info.clear()
    return plain


def _written(picture: Image.Image, written: str) -> bytes:
    options: dict[str, Any] = {"quality": JPEG_QUALITY} if written != "PNG" else {}
    if written == "JPEG":
        picture = picture.convert("RGB")
    file = io.BytesIO()
    picture.save(file, format=written, **options)
    return file.getvalue()
