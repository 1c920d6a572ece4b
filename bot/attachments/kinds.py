"""What a file is by its first bytes, and what it may be called; its own word counts for nothing."""

LARGEST = 10 * 1024 * 1024  # bytes each
LONGEST_NAME = 120
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
# Drawings with scripts, archives and documents with macros are none of these.
_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"GIF87a", "image/gif", ".gif"),
    (b"GIF89a", "image/gif", ".gif"),
    (b"%PDF-", "application/pdf", ".pdf"),
)
_NOT_IN_NAMES = frozenset('/\\:*?"<>|\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069')


def type_of(content: bytes) -> tuple[str, str] | None:
    """The type and the usual ending of a picture or PDF, by its first bytes; None of all else."""
    for beginning, content_type, ending in _BEGINNINGS:
        if content.startswith(beginning):
            return content_type, ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", ".webp"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return "image/heic", ".heic"
    return None


def safe_name(given: str, number: int, ending: str) -> str:
    """The file's own name without folders and characters that deceive; never empty."""
    last = given.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isprintable() and c not in _NOT_IN_NAMES)
    plain = plain.encode("utf-8", "replace").decode().strip(" .")[-LONGEST_NAME:]
    return plain or f"attachment-{number}{ending}"


def name_of_picture(given: str, ending: str) -> str:
    """A safe name that ends as what the picture is now: `holiday.HEIC` becomes `holiday.jpg`."""
    name = safe_name(given, 1, ending)
    stem, dot, last = name.rpartition(".")
    if dot and stem and last.isascii() and last.isalnum() and len(last) <= 5:
        name = stem
    return f"{name[: LONGEST_NAME - len(ending)]}{ending}"
