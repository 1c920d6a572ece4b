"""Pictures that tests make: plain ones, and ones that are more than they seem."""

import io
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image

CANARY = b"canary-of-a-place"


def picture(
    kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any
) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new(mode, size, "blue" if mode != "L" else 0)
    made.paste("red" if mode != "L" else 255, (0, 0, size[0] // 2, size[1]))
    file = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.register_heif_opener(thumbnails=False)
    made.save(file, format=kind, **options)
    return file.getvalue()


def photo_with_a_place(kind: str = "JPEG") -> bytes:
    """A photo that lies on its side and tells where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    exif[0x010E] = CANARY.decode()
    exif.get_ifd(0x8825)[2] = (40.0, 44.0, 54.0)
    exif.get_ifd(0x8825)[29] = CANARY.decode()
    return picture(kind, exif=exif.tobytes())


def png_bomb(side: int) -> bytes:
    """A few bytes that say they are a picture of this many pixels each way."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    )


def animation() -> bytes:
    """A GIF whose first frame is red and whose second is blue."""
    first, second = (Image.new("RGB", (10, 10), colour) for colour in ("red", "blue"))
    file = io.BytesIO()
    first.save(file, format="GIF", save_all=True, append_images=[second])
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    """A picture decoded."""
    found = Image.open(io.BytesIO(content))
    found.load()
    return found
