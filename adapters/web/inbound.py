"""What a browser sends, read strictly: frames of the socket and bodies of the POST routes. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from adapters.web.tokens import Claims
from core.errors import Refused
from core.ids import MessageId
from core.message import InboundMessage, MessageKind, Page
from core.people import Identity
from platforms.bounded_json import parse_object
from platforms.text import CleanText, clean_line, clean_text

FRAME_LIMIT = 64 * 1024
"""Bytes of a frame or body."""
MAX_SEQUENCE = 2**53 - 1
"""The largest integer a browser counts exactly."""
_URL_LIMIT = 2_048
_LINE_LIMIT = 200
_PROMPT_LIMIT = 400
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_ZONE = re.compile(r"[A-Za-z_]{2,20}(/[A-Za-z0-9_+-]{1,20}){0,2}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    token: str
    last_seq: int
    page: Page | None
    identity: str | None = None  # a token of the site's backend


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A message as the client sent it; `client_id` is the client's own and survives a retry."""

    client_id: str
    text: CleanText
    button: bool = False
    page: Page | None = None
    prompt: str = ""  # the invitation on the page it answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    page: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """The visitor has left the tab, or is back in it."""

    client_id: str
    here: bool
    page: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The visitor went to another page of a site that does not reload."""

    page: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced:
    """The site's backend says who the visitor is."""

    token: str


@dataclass(frozen=True, slots=True)
class Typing:
    pass


@dataclass(frozen=True, slots=True)
class Ping:
    pass


Frame = Saying | Opened | Presence | Moved | Introduced | Typing | Ping


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRequest:
    token: str = ""
    locale: str = ""
    zone: str = ""
    fresh: bool = False


def read_hello(raw: str, *, origin: str) -> Hello:
    """The first frame of a socket. Raises `Refused` (`token_missing`, `bad_sequence`, or as `parse_object`)."""
    body = parse_object(raw, limit=FRAME_LIMIT)
    token = body.get("token")
    if body.get("type") != "hello" or not isinstance(token, str):
        raise Refused("token_missing", status=401)
    identity = body.get("identity")
    return Hello(
        token=token,
        last_seq=_sequence(body.get("lastSeq", 0)),
        page=_page(body.get("page"), origin),
        identity=None if identity is None else read_introduced({"token": identity}).token,
    )


def read_frame(raw: str, *, origin: str) -> Frame:
    """Any later frame. Raises `Refused` (`bad_frame`, or as `read_saying` and `parse_object`)."""
    body = parse_object(raw, limit=FRAME_LIMIT)
    match body.get("type"):
        case "message":
            return read_saying(body, origin=origin)
        case "typing" | "ping" as kind:
            return Typing() if kind == "typing" else Ping()
        case "page":
            return Moved(page=_page(body.get("page"), origin))
        case "opened":
            return Opened(page=_page(body.get("page"), origin))
        case "identify":
            return read_introduced(body)
        case "presence":
            return read_presence(body, origin=origin)
        case _:
            raise Refused("bad_frame")


def read_saying(body: dict[str, Any], *, origin: str) -> Saying:
    """A message. Raises `Refused`: `bad_client_id`, `bad_frame`, or `empty_text` when nothing visible is said."""
    client_id, text, button = body.get("clientId"), body.get("text"), body.get("button", False)
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise Refused("bad_client_id")
    if not isinstance(text, str) or not isinstance(button, bool):
        raise Refused("bad_frame")
    clean = clean_text(text)
    if not clean.text:
        raise Refused("empty_text")
    prompt = body.get("prompt")
    return Saying(
        client_id=client_id,
        text=clean,
        button=button,
        page=_page(body.get("page"), origin),
        prompt=clean_line(prompt, limit=_PROMPT_LIMIT) if isinstance(prompt, str) else "",
    )


def read_presence(body: dict[str, Any], *, origin: str) -> Presence:
    """Where the visitor is. Raises `Refused` (`bad_client_id`, `bad_frame`)."""
    client_id, here = body.get("clientId"), body.get("here")
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise Refused("bad_client_id")
    if not isinstance(here, bool):
        raise Refused("bad_frame")
    return Presence(client_id=client_id, here=here, page=_page(body.get("page"), origin))


def read_introduced(body: dict[str, Any]) -> Introduced:
    """A token to verify; what is no text stays empty, and is refused like any other forgery."""
    token = body.get("token")
    return Introduced(token=token if isinstance(token, str) else "")


def read_invitation(body: dict[str, Any], *, origin: str) -> Page | None:
    """The page that an invitation is asked for; None when it is none of the site's."""
    return _page(body.get("page"), origin)


def read_opened(body: dict[str, Any], *, origin: str) -> Opened:
    return Opened(page=_page(body.get("page"), origin))


def read_session(body: dict[str, Any]) -> SessionRequest:
    """The body of the session route. Raises `Refused` (`bad_frame`)."""
    token, locale, fresh = body.get("token") or "", body.get("locale") or "", body.get("fresh", False)
    if not isinstance(token, str) or not isinstance(fresh, bool):
        raise Refused("bad_frame")
    zone = body.get("zone")
    return SessionRequest(token=token, locale=_fitting(locale, _LOCALE), zone=_fitting(zone, _ZONE), fresh=fresh)


def _fitting(value: object, pattern: re.Pattern[str]) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def read_last_event_id(header: str | None) -> int:
    """The `Last-Event-ID` of a stream that resumes. Raises `Refused` (`bad_sequence`)."""
    if header is None or header == "":
        return 0
    if not (header.isascii() and header.isdigit() and len(header) <= len(str(MAX_SEQUENCE))):
        raise Refused("bad_sequence")
    return _sequence(int(header))


def client_id_of(frame: str) -> str:
    """The client id of a frame that was refused, so that the client knows which; "" when there is none to be found."""
    try:
        client_id = parse_object(frame, limit=FRAME_LIMIT).get("clientId")
    except Refused:
        return ""
    return client_id if isinstance(client_id, str) and _CLIENT_ID.fullmatch(client_id) else ""


def to_message(saying: Saying, claims: Claims, *, channel: str, at: float, page: Page | None) -> InboundMessage:
    """The message the hub takes; its id holds the conversation, so no client can name another's message."""
    return InboundMessage(
        id=message_id(claims, saying.client_id),
        channel=channel,
        conversation=claims.conversation,
        visitor=claims.visitor,
        kind=MessageKind.BUTTON if saying.button else MessageKind.TEXT,
        text=saying.text.text,
        at=at,
        page=page,
        locale=claims.locale,
        zone=claims.zone,
        unprofiled=claims.unprofiled,
        returning=claims.returning,
        prompt=saying.prompt,
    )


def to_presence(presence: Presence, claims: Claims, *, channel: str, at: float) -> InboundMessage:
    kind = MessageKind.RETURNED if presence.here else MessageKind.AWAY
    return InboundMessage(
        id=MessageId(f"{kind.value}.{message_id(claims, presence.client_id)}"),
        channel=channel,
        conversation=claims.conversation,
        visitor=claims.visitor,
        kind=kind,
        text="",
        at=at,
        page=presence.page,
        locale=claims.locale,
        zone=claims.zone,
        unprofiled=claims.unprofiled,
        returning=claims.returning,
    )


def to_opening(claims: Claims, *, channel: str, at: float, page: Page | None) -> InboundMessage:
    """The chat was opened: once a conversation, however often it is reported."""
    return InboundMessage(
        id=MessageId(f"opened.{claims.conversation}"),
        channel=channel,
        conversation=claims.conversation,
        visitor=claims.visitor,
        kind=MessageKind.OPENED,
        text="",
        at=at,
        page=page,
        locale=claims.locale,
        zone=claims.zone,
        unprofiled=claims.unprofiled,
        returning=claims.returning,
    )


def to_identified(identity: Identity, token: str, claims: Claims, *, channel: str, at: float) -> InboundMessage:
    """The token's claims as a message: once a conversation and token. `token` names it."""
    return InboundMessage(
        id=MessageId(f"identified.{claims.conversation}.{token}"),
        channel=channel,
        conversation=claims.conversation,
        visitor=claims.visitor,
        kind=MessageKind.IDENTIFIED,
        text="\n".join(filter(None, (identity.email, identity.name))),
        at=at,
        locale=claims.locale,
        zone=claims.zone,
        unprofiled=claims.unprofiled,
        returning=claims.returning,
        identity=identity,
    )


def message_id(claims: Claims, client_id: str) -> MessageId:
    return MessageId(f"{claims.conversation}.{client_id}")


def _sequence(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MAX_SEQUENCE:
        raise Refused("bad_sequence")
    return value


def _page(value: object, origin: str) -> Page | None:
    """A page report is a hint: what does not hold is left out rather than refused."""
    if not isinstance(value, dict):
        return None
    url = _url(value.get("url"))
    if not url or not (url == origin or url.startswith(f"{origin}/")):
        return None
    return Page(
        url=url,
        title=_line(value.get("title")),
        heading=_line(value.get("heading")),
        language=_line(value.get("language"))[:35],
        referrer=_url(value.get("referrer")),
        campaign=_line(value.get("campaign")),
    )


def _line(value: object) -> str:
    return clean_line(value, limit=_LINE_LIMIT) if isinstance(value, str) else ""


def _url(value: object) -> str:
    """A web address without user, fragment or excess; "" for anything else."""
    if not isinstance(value, str) or len(value) > FRAME_LIMIT:
        return ""
    try:
        parts = urlsplit(clean_line(value, limit=FRAME_LIMIT))
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return ""
    bare = f"{parts.scheme}://{parts.netloc.lower()}{parts.path}".replace(" ", "%20")
    full = f"{bare}?{parts.query}" if parts.query else bare
    return next((url for url in (full, bare) if len(url) <= _URL_LIMIT), "")
