"""Files from outside: names, types, sizes, and an address that is read within bounds."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO

import aiohttp
import pytest
from aiohttp import web

from adapters.files import FileSettings
from core.attachment import FetchedFile
from core.errors import DeliveryDelayed
from platforms.fetching import download
from platforms.files import MEDIA_TYPES, checked, file_name
from tests.adapters.web.harness import serving

PDF = b"%PDF-1.7 a floor plan"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Grundriss Büro.pdf", "Grundriss Büro.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\jo\\offer.docx", "offer.docx"),
        ("..", "file"),
        ("/", "file"),
        ("", "file"),
        (None, "file"),
        (7, "file"),
        (".htaccess", "htaccess"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u200e\u200fb\u061c.pdf", "ab.pdf"),
        ("two\nlines\x00.pdf", "two lines.pdf"),
        ('<img src=x onerror="a">.png', "_img src=x onerror=_a__.png"),
        ("x" * 5_000 + ".pdf", "x" * 96 + ".pdf"),
        ("n." + "y" * 500, ("n." + "y" * 500)[:100]),
        ("\ud800.pdf", "\ufffd.pdf"),
    ],
)
def test_that_a_name_is_one_plain_line_without_folders(raw: object, kept: str) -> None:
    assert file_name(raw, "file") == kept


@pytest.mark.parametrize(
    ("media_type", "size", "why"),
    [
        ("application/pdf", 10_000_000, ""),
        ("application/pdf", 0, ""),
        ("application/pdf", 10_000_001, "too_large"),
        ("application/x-msdownload", 10, "wrong_type"),
        ("text/html", 10, "wrong_type"),
        ("image/svg+xml", 10, "wrong_type"),
        ("application/zip", 10, "wrong_type"),
        ("", 10, "wrong_type"),
    ],
)
def test_which_files_are_taken(media_type: str, size: int, why: str) -> None:
    assert FileSettings().refusal(media_type, size) == why
    assert FileSettings(enabled=False).refusal("application/pdf", 1) == "wrong_type"


def test_that_a_file_is_what_it_was_said_to_be() -> None:
    program = b"MZ\x90\x00 this program cannot be run"
    assert checked(PDF, "application/pdf").content == PDF
    for media_type in MEDIA_TYPES:
        declared_by_bytes = not media_type.startswith("text/")
        assert (checked(program, media_type).trouble == "wrong_type") is declared_by_bytes
    assert checked(b"", "text/csv").trouble == "gone"


def test_that_a_packed_file_is_passed_on_unopened() -> None:
    """A gigabyte of zeros in a megabyte: it is never unpacked, so what is inside does not matter."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", bytes(5_000_000))
    sheet = next(one for one in MEDIA_TYPES if one.endswith("sheet"))
    assert checked(packed.getvalue(), sheet).content == packed.getvalue()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def fetched(http: aiohttp.ClientSession, handler: Handler, *, most: int = 100) -> FetchedFile:
    async with serving([web.get("/secret-token/a", handler)]) as url:
        return await download(http, f"{url}/secret-token/a", most=most, media_type="application/pdf", seconds=0.5)


async def test_that_more_bytes_than_were_declared_are_not_read(http: aiohttp.ClientSession) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1_000):
            await response.write(b"%PDF-" + bytes(10_000))
        return response

    assert await fetched(http, endless) == FetchedFile(trouble="too_large")


async def test_that_nobody_is_followed_elsewhere(http: aiohttp.ClientSession) -> None:
    async def elsewhere(_: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("http://169.254.169.254/latest/meta-data")

    assert await fetched(http, elsewhere) == FetchedFile(trouble="gone")


async def test_that_a_truncated_or_slow_file_is_tried_later_and_no_address_is_told(http: aiohttp.ClientSession) -> None:
    async def truncated(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "50"})
        await response.prepare(request)
        await response.write(PDF)
        assert request.transport is not None
        request.transport.close()
        return response

    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"%")
        await asyncio.Event().wait()  # the rest never comes
        return response

    async def broken(_: web.Request) -> web.StreamResponse:
        return web.Response(status=502, body=PDF)

    for handler in (truncated, slow, broken):
        with pytest.raises(DeliveryDelayed) as told:
            await fetched(http, handler)
        assert "secret-token" not in f"{told.value!r} {told.value.__cause__!r}"
