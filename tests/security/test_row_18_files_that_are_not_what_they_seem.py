"""Row 18: polyglots, drawings, bombs, places in EXIF and programs are made anew or refused."""

import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from bot.app import Services
from bot.attachments.pictures import MOST_PIXELS, NotAPicture, TooManyPixels, made_anew
from bot.conversations.intake import Started
from bot.settings import ROOT
from tests.pictures import CANARY, animation, opened, photo_with_a_place, picture, png_bomb
from tests.web.serving import served

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SCRIPT = b"<script>alert(1)</script>"
REFUSED = {
    "a drawing": SVG,
    "a drawing with an XML head": b'<?xml version="1.0"?>' + SVG,
    "a page": b"<!doctype html>" + SCRIPT,
    "a program for Windows": b"MZ" + b"\0" * 200,
    "a program for Linux": b"\x7fELF" + b"\0" * 200,
    "a shell script": b"#!/bin/sh\nrm -rf /\n",
    "an archive": b"PK\x03\x04" + b"\0" * 200,
    "a PDF": b"%PDF-1.7\n" + b"\0" * 200,
    "nothing": b"",
    "a JPEG's beginning and a program": b"\xff\xd8\xff\xe0" + b"MZ" + b"\0" * 200,
    "a GIF's beginning and a script": b"GIF89a/*" + SCRIPT + b"*/=1;alert(1)",
    "half a picture": picture("PNG", (400, 400))[:200],
    "half a photo": picture("JPEG", (400, 400))[:600],
    "a bitmap, which nobody's phone makes": picture("BMP"),
    "a TIFF": picture("TIFF"),
    "an AVIF": b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf" + b"\0" * 60,
}
POLYGLOTS = {
    "with a script behind it": picture("PNG") + SCRIPT + CANARY,
    "with a page in its comment": picture("JPEG", comment=b"<html>" + SCRIPT + CANARY),
    "with an archive behind it": picture("GIF") + b"PK\x03\x04" + CANARY,
    "with words in its chunks": picture("WEBP", xmp=b"<x:xmpmeta>" + CANARY),
    "with a profile of its own": picture("PNG", icc_profile=CANARY),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_a_whole_picture_is_refused_whatever_it_begins_with(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        made_anew(content)


@pytest.mark.parametrize("content", POLYGLOTS.values(), ids=POLYGLOTS.keys())
def test_of_a_picture_that_is_more_only_the_pixels_are_left(content: bytes) -> None:
    made = made_anew(content)
    for written in (made.content, made.thumbnail):
        assert CANARY not in written
        assert b"script" not in written
        assert opened(written).size == (40, 20)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_stands_upright_and_tells_no_place(kind: str) -> None:
    content = photo_with_a_place(kind)
    assert CANARY in content
    made = made_anew(content)
    assert (made.width, made.height) == (20, 40)
    for written in (made.content, made.thumbnail):
        shown = opened(written)
        assert CANARY not in written
        assert dict(shown.getexif()) == {}
        assert {"exif", "xmp", "icc_profile", "comment"} & shown.info.keys() == set()
        top = shown.convert("RGB").getpixel((10, 5))
        assert isinstance(top, tuple)
        assert top[0] > 200 > top[2], "the red half is on top"


def test_of_an_animation_the_first_frame_is_kept() -> None:
    shown = opened(made_anew(animation()).content)
    assert getattr(shown, "n_frames", 1) == 1
    assert shown.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_25_megapixels_are_taken_and_one_row_more_is_not() -> None:
    made = made_anew(picture("JPEG", (MOST_PIXELS // 5_000, 5_000)))
    assert made.width * made.height == MOST_PIXELS
    with pytest.raises(TooManyPixels):
        made_anew(picture("JPEG", (MOST_PIXELS // 5_000, 5_001)))


@pytest.mark.parametrize("side", [5_001, 12_000, 20_000, 60_000])
def test_a_bomb_is_refused_before_a_pixel_is_decoded(side: int) -> None:
    with pytest.raises(TooManyPixels):
        made_anew(png_bomb(side))


def test_the_largest_picture_takes_bounded_memory() -> None:
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    grown = float(measured.stdout)
    print(f"row 18: a picture of 25 megapixels takes {grown:.0f} MB at most")
    assert grown < 400


MEASURE = """
import resource
from tests.pictures import picture
from bot.attachments.pictures import made_anew
largest = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
made_anew(picture("JPEG"))
content = picture("JPEG", (5000, 5000))
import multiprocessing
def grown(queue):
    before = largest()
    made_anew(content)
    queue.put(largest())
queue = multiprocessing.get_context("fork").SimpleQueue()
child = multiprocessing.get_context("fork").Process(target=grown, args=(queue,))
child.start(); child.join()
print(queue.get())
"""


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start()


@pytest.fixture
def http(services: Services) -> Iterator[httpx.Client]:
    with (
        served(services) as address,
        httpx.Client(base_url=address, timeout=20, trust_env=False) as client,
    ):
        yield client


def upload(http: httpx.Client, alice: Started, content: bytes, name: str) -> httpx.Response:
    return http.post(
        f"/api/v1/conversations/{alice.id}/attachments",
        files={"file": (name, content, "image/jpeg")},
        data={"client_id": name},
        headers={"Authorization": f"Bearer {alice.token}"},
    )


def test_a_program_named_jpg_is_refused_with_a_sentence(http: httpx.Client, alice: Started) -> None:
    for name, content in (("holiday.jpg", b"MZ" + b"\0" * 900), ("drawing.png", SVG)):
        refused = upload(http, alice, content, name)
        assert refused.status_code == 415
        assert refused.json()["error"]["code"] == "attachment_not_supported"
        assert refused.json()["error"]["message"].endswith(".")
    assert upload(http, alice, png_bomb(9_000), "bomb.png").status_code == 415


def test_a_kept_picture_is_saved_not_opened_and_cannot_do_anything(
    http: httpx.Client, alice: Started, services: Services
) -> None:
    told = upload(http, alice, photo_with_a_place(), "../../etc/päss\u202ewd.exe").json()
    assert told["name"] == "pässwd.jpg"
    assert told["media_type"] == "image/jpeg"
    whole, small = http.get(told["url"]), http.get(told["thumbnail"])
    assert whole.headers["content-disposition"].startswith("attachment; filename*=UTF-8''p")
    assert small.headers["content-disposition"].startswith("inline")
    for answer in (whole, small):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox"
        assert CANARY not in answer.content
    for file in (services.settings.data_dir / "attachments").iterdir():
        assert CANARY not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
