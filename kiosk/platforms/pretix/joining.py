"""How a terminal joins a pretix, takes a new token and leaves.

Each question is on disk before it is asked: after a lost answer or a power cut it is asked again under the same key,
and the server tells the same again.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from secrets import token_bytes
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

from msgspec import Struct, structs

from kiosk.application.errors import OutcomeUnknown, PlatformError, Refused
from kiosk.platforms.pretix.client import Access, Client
from kiosk.platforms.pretix.provisioning import Terminal, initialize, is_pretix, revoke, roll
from kiosk.platforms.pretix.sealed_link import Link, SealBrokenError, SealedLink

HOLD_KEY_BYTES = 32
ASKS_MAX = 3
CODE_CHARS_MAX = 200
T = TypeVar("T")
CODE_FAULTS = (("already been used", "code_used"), ("has been revoked", "code_revoked"), ("Unknown", "code_unknown"))


class Ask(Struct, frozen=True):
    """Whom to ask and as whom: an address that is pinned in the settings, or empty, and who we are.

    `transport` carries the requests where it is not TCP.
    """

    terminal: Terminal
    url: str = ""
    organizer: str = ""
    ca_file: str = ""
    timeout_s: float = 20.0
    transport: Any = None


class NotLinkedError(Exception):
    """It did not come to a link; `key` names why (see `JOINING_WORDS` in the commands), `detail` what was found."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(f"{key}: {detail}" if detail else key)
        self.key = key
        self.detail = detail


def address_and_code(first: str, second: str) -> tuple[str, str]:
    """Return address and one-time code, given apart or as the text of the QR code that pretix shows.

    Raises:
        NotLinkedError: bad_code or bad_address.
    """
    url: Any = first
    code: Any = second
    if first.lstrip().startswith("{"):
        try:
            told: Any = json.loads(first)
            url, code = told["url"], told["token"]
        except (ValueError, KeyError, TypeError):
            raise NotLinkedError("bad_code") from None
    if not (isinstance(code, str) and code.isascii() and code.isalnum() and len(code) <= CODE_CHARS_MAX):
        raise NotLinkedError("bad_code")
    return checked_address(url), code


def checked_address(url: Any) -> str:
    """Return an address over TLS, or on this machine; NotLinkedError(bad_address | not_safe)."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host = parts.hostname or ""
        is_bad = parts.port == 0 or bool(parts.username or parts.query or parts.fragment)
    except ValueError:
        raise NotLinkedError("bad_address") from None
    if parts.scheme not in {"http", "https"} or not host or is_bad:
        raise NotLinkedError("bad_address")
    if parts.scheme == "http" and not _is_this_machine(host):
        raise NotLinkedError("not_safe")
    return str(url).rstrip("/")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def join(sealed: SealedLink, ask: Ask, url: str, code: str) -> Link:
    """Trade the one-time code for a link; asked again after a lost answer, even by another run, it is the same device.

    Raises:
        NotLinkedError: linked_already, other_address, other_organizer, not_pretix, code_unknown, code_used,
            code_revoked, unreachable, answer_lost.
    """
    known = sealed.read()
    if known is not None and known.token:
        raise NotLinkedError("linked_already", known.url)
    if ask.url and ask.url.rstrip("/") != url:
        raise NotLinkedError("other_address", ask.url)
    if known is None or (known.url, known.asking_code) != (url, code):
        known = Link(url, known.organizer if known else "", asking_code=code, asking_key=str(uuid4()))
    client = _client(Access(url, "", "", ask.ca_file), ask)
    try:
        if not await is_pretix(client, timeout_s=ask.timeout_s):
            raise NotLinkedError("not_pretix")
        sealed.write(known)
        key = known.asking_key
        device = await _ask_again(lambda: initialize(client, code, ask.terminal, timeout_s=ask.timeout_s, key=key))
    except Refused as no:
        _forget_question(sealed, known)
        raise NotLinkedError(_code_fault(no.detail)) from None
    except OutcomeUnknown as lost:
        raise NotLinkedError("answer_lost", lost.detail) from None
    except PlatformError as away:
        raise NotLinkedError("unreachable", away.detail) from None
    finally:
        await client.close()
    link = Link(
        url, device.organizer, device.organizer, device.name, device.unique_serial, device.token,
        token_bytes(HOLD_KEY_BYTES),
    )  # fmt: skip
    return await _kept(sealed, link, ask, ask.organizer or known.organizer)


async def _kept(sealed: SealedLink, link: Link, ask: Ask, organizer: str) -> Link:
    """Keep the link with its organizer's name; a device of another organizer than the one wanted is given back."""
    async with opened(link, ask) as client:
        if organizer and organizer != link.organizer:
            await revoke(client, timeout_s=ask.timeout_s)
            sealed.write(Link(link.url, organizer))
            raise NotLinkedError("other_organizer", link.organizer)
        sealed.write(link)
        try:
            told = (await client.get(client.root + "/", timeout_s=ask.timeout_s)).body
        except PlatformError:
            return link  # the name is for paper only; the organizer's short one does
    name = told.get("name") if isinstance(told, dict) else None
    named = structs.replace(link, organizer_name=name if isinstance(name, str) and name else link.organizer)
    sealed.write(named)
    return named


async def renew(sealed: SealedLink, ask: Ask) -> Link:
    """Take a new token; after a lost answer, even in another run, the same one is asked for and told again.

    Raises:
        NotLinkedError: not_linked, revoked, unreachable, answer_lost.
    """
    link = _linked(sealed)
    if not link.asking_key:
        link = structs.replace(link, asking_key=str(uuid4()))
        sealed.write(link)
    async with opened(link, ask) as client:
        try:
            device = await _ask_again(lambda: roll(client, timeout_s=ask.timeout_s, key=link.asking_key))
        except Refused as no:
            sealed.write(structs.replace(link, asking_key=""))
            raise NotLinkedError("revoked" if no.key == "not_allowed" else "answer_lost", no.detail) from None
        except OutcomeUnknown as lost:
            raise NotLinkedError("answer_lost", lost.detail) from None
        except PlatformError as away:
            raise NotLinkedError("unreachable", away.detail) from None
    renewed = structs.replace(link, token=device.token, asking_key="")
    sealed.write(renewed)
    return renewed


async def leave(sealed: SealedLink, ask: Ask, *, owes: bool) -> bool:
    """Cease to be a device there and forget the link; False when the seal is broken, so that nothing could be asked.

    A terminal that `owes` the server sales leaves only where the server has revoked it; it remembers the organizer, and
    brings them when it is linked there again.

    Raises:
        NotLinkedError: not_linked; still_owed, unreachable: the token lives and is kept.
    """
    try:
        link = _linked(sealed)
    except SealBrokenError:
        sealed.remove()
        return False
    async with opened(link, ask) as client:
        try:
            if owes:
                await client.get(client.root + "/", timeout_s=ask.timeout_s)
                raise NotLinkedError("still_owed")
            await revoke(client, timeout_s=ask.timeout_s)
        except Refused as no:
            if no.key != "not_allowed":
                raise NotLinkedError("unreachable", no.detail) from None
        except PlatformError as away:
            raise NotLinkedError("unreachable", away.detail) from None
    if owes:
        sealed.write(Link(link.url, link.organizer))
    else:
        sealed.remove()
    return True


def _linked(sealed: SealedLink) -> Link:
    link = sealed.read()
    if link is None or not link.token:
        raise NotLinkedError("not_linked")
    return link


@asynccontextmanager
async def opened(link: Link, ask: Ask) -> AsyncIterator[Client]:
    """Speak with the server of a link while the block runs."""
    client = _client(Access(link.url, link.organizer, link.token, ask.ca_file), ask)
    try:
        yield client
    finally:
        await client.close()


def _client(access: Access, ask: Ask) -> Client:
    try:
        return Client(access, transport=ask.transport)
    except OSError as trouble:
        raise NotLinkedError("bad_authorities", str(trouble)) from None


async def _ask_again(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask; after a lost answer ask again under the same key."""
    for _ in range(ASKS_MAX - 1):
        try:
            return await ask()
        except OutcomeUnknown:
            continue
    return await ask()


def _forget_question(sealed: SealedLink, asked: Link) -> None:
    """Forget a question that was refused, not whom we owe."""
    if asked.organizer:
        sealed.write(Link(asked.url, asked.organizer))
    else:
        sealed.remove()


def _code_fault(detail: str) -> str:
    """Return why a code opens nothing; a refusal in other words is the stored answer to a request torn on its way."""
    return next((key for piece, key in CODE_FAULTS if piece in detail), "answer_lost")
