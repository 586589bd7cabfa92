"""The wire to pretix: four requests at a time, explicit time-outs, and every answer as one of three outcomes."""

import asyncio
import json
import ssl
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
from msgspec import Struct

from kiosk.application.errors import OutcomeUnknown, PlatformError, Refused, Unreachable
from kiosk.platforms.pretix.mapping import refusal_key

if TYPE_CHECKING:
    from datetime import datetime

CONCURRENT = 4
AHEAD = 2  # pages of a long list asked for at once; the other places are for people who wait
MOVES_MAX = 3  # how often a list may change while it is read
SETTLED = timedelta(seconds=2)
PAGE_SIZE = 50  # the server cuts anything larger
PAGES_MAX = 2_000
ANSWER_MAX = 20_000_000
CONNECT_S = 5.0
KEYS_MAX = 1_000
REFUSING = frozenset({400, 401, 403, 404, 405, 410})
# Raised by httpx before a byte of the request has left.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
# What OpenSSL found wrong with a certificate (X509_V_ERR_*), in our words.
CERTIFICATE_FAULTS = {
    9: "not yet valid", 10: "expired", 18: "self-signed", 19: "of a foreign authority", 20: "of a foreign authority",
    21: "of a foreign authority", 62: "for another name", 64: "for another address",
}  # fmt: skip


class Answer(Struct, frozen=True):
    """What the server said: its status, its JSON and its own clock."""

    status: int
    body: Any
    last_modified: str = ""
    server_time: "datetime | None" = None
    generated: str = ""


class Listed(Struct, frozen=True):
    """A whole list as it stood at one moment, `generated` on the server's clock.

    `since` can be given next time; it is empty while the server, which counts in seconds, might not tell a change.
    """

    rows: list[Any]
    since: str = ""
    generated: str = ""
    is_modified: bool = True


@dataclass(frozen=True, slots=True)
class Access:
    """Where the server is and what lets us in; the token never shows in a repr."""

    url: str
    organizer: str
    token: str = field(repr=False)
    ca_file: str = ""


class Client:
    """Speak JSON with one pretix server."""

    def __init__(
        self,
        access: Access,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        renewed: Callable[[], str] | None = None,
    ) -> None:
        """`renewed` is asked for the token now in force when the one we have is refused."""
        self._token = access.token
        self._renewed = renewed
        self._http = httpx.AsyncClient(
            base_url=access.url.rstrip("/"),
            headers={"Accept": "application/json"},
            verify=_trust(access.ca_file),
            transport=transport,
            follow_redirects=False,
            trust_env=False,
        )
        self._gate = asyncio.Semaphore(CONCURRENT)
        self._keys: OrderedDict[str, str] = OrderedDict()
        self.root = f"/api/v1/organizers/{access.organizer}"

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def get(
        self, path: str, params: dict[str, Any] | None = None, *, timeout_s: float, since: str = ""
    ) -> Answer:
        """Read; with `since` (an HTTP date) status 304 says that nothing changed.

        Raises:
            Unreachable: no usable answer. Refused: not_found or not_allowed.
        """
        headers = {"If-Modified-Since": since} if since else {}
        try:
            answer = await self._ask("GET", path, timeout_s, params=params, headers=headers)
        except (httpx.HTTPError, TimeoutError) as problem:
            raise Unreachable("unreachable", fault(problem)) from problem
        if answer.status in {200, 304}:
            return answer
        raise (_refusal(answer) if _is_refused(answer) else Unreachable("unreachable", f"answered {answer.status}"))

    async def pages(self, path: str, params: dict[str, Any] | None = None, *, timeout_s: float) -> list[dict[str, Any]]:
        """Read a whole list, page after page while the server names a next one."""
        found: list[dict[str, Any]] = []
        for page in range(1, PAGES_MAX + 1):
            asked = {**(params or {}), "page_size": PAGE_SIZE, "page": page}
            body = (await self.get(path, asked, timeout_s=timeout_s)).body
            if not isinstance(body, dict) or not isinstance(body.get("results"), list):
                raise Unreachable("unreachable", f"no list at {path}")
            found += [each for each in body["results"] if isinstance(each, dict)]
            if not body.get("next"):
                return found
        raise Unreachable("unreachable", f"a list without end at {path}")

    async def listed(
        self,
        path: str,
        params: dict[str, Any] | None = None,
        *,
        timeout_s: float,
        read: Callable[[dict[str, Any]], Any] = dict,
        since: str = "",
    ) -> Listed:
        """Read a whole list of one moment, each row by `read` as it comes; begun anew when it changes meanwhile.

        Raises:
            Unreachable: no usable answer, or it never kept still. Refused: not_found or not_allowed.
        """
        for _ in range(MOVES_MAX):
            found = await self._listed_once(path, params or {}, timeout_s, read, since)
            if found is not None:
                return found
        raise Unreachable("unreachable", f"a list that never keeps still at {path}")

    async def count(self, path: str, params: dict[str, Any], *, timeout_s: float) -> int:
        """Return how long a list is."""
        return _count(await self.get(path, {**params, "page_size": 1}, timeout_s=timeout_s), path)

    async def _listed_once(
        self, path: str, params: dict[str, Any], timeout_s: float, read: Callable[[dict[str, Any]], Any], since: str
    ) -> Listed | None:
        asked = {**params, "page_size": PAGE_SIZE}
        head = await self.get(path, {**asked, "page": 1}, timeout_s=timeout_s, since=since)
        if head.status == httpx.codes.NOT_MODIFIED:
            return Listed([], since, is_modified=False)
        count, pages = _count(head, path), -(-_count(head, path) // PAGE_SIZE)
        if pages > PAGES_MAX:
            raise Unreachable("unreachable", f"a list without end at {path}")
        rows = [read(each) for each in _rows(head, path)]
        for first in range(2, pages + 1, AHEAD):
            wanted = range(first, min(first + AHEAD, pages + 1))
            try:
                answers = await asyncio.gather(
                    *(self.get(path, {**asked, "page": page}, timeout_s=timeout_s) for page in wanted)
                )
            except Refused as no:
                if no.key != "not_found":
                    raise
                return None  # a page that was there when the list was longer
            if any((_count(each, path), each.last_modified) != (count, head.last_modified) for each in answers):
                return None
            rows += [read(each) for answer in answers for each in _rows(answer, path)]
        return Listed(rows, _settled(head), head.generated) if len(rows) == count else None

    async def send(self, method: str, path: str, body: Any = None, *, timeout_s: float, key: str = "") -> Answer:
        """Write once per distinct body.

        The idempotency key stays with a body until it is answered: the server replays a key without looking at the
        body, stores refusals too, and leaves a key locked when its worker dies. A refusal of what was sent before and
        not answered may be the stored answer to a request that was torn on its way: it is asked again under a new key.
        Who must ask again after a restart gives a `key` of his own and keeps it.

        Raises:
            Unreachable: not sent. Refused: said no. OutcomeUnknown: sent, no word that can be relied on.
        """
        content = b"" if body is None else json.dumps(body, sort_keys=True, ensure_ascii=False).encode()
        mark = sha256(f"{method} {path} ".encode() + content).hexdigest()
        was_sent_before = mark in self._keys
        headers = {"X-Idempotency-Key": key or self._key(mark)}
        if content:
            headers["Content-Type"] = "application/json"
        try:
            answer = await self._ask(method, path, timeout_s, content=content, headers=headers)
        except NOT_SENT as problem:
            raise Unreachable("unreachable", fault(problem)) from problem
        except (httpx.HTTPError, TimeoutError) as problem:
            raise OutcomeUnknown("outcome_unknown", type(problem).__name__) from problem
        self._keys.pop(mark, None)
        if was_sent_before and _is_refused(answer):
            return await self.send(method, path, body, timeout_s=timeout_s)
        return _outcome(answer)

    def _key(self, mark: str) -> str:
        key = self._keys.setdefault(mark, str(uuid4()))
        while len(self._keys) > KEYS_MAX:
            self._keys.popitem(last=False)
        return key

    async def _ask(self, method: str, path: str, timeout_s: float, **more: Any) -> Answer:
        answer = await self._ask_once(method, path, timeout_s, **more)
        if answer.status == httpx.codes.UNAUTHORIZED and self._renewed is not None:
            token = self._renewed()
            if token != self._token:
                self._token = token
                return await self._ask_once(method, path, timeout_s, **more)
        return answer

    async def _ask_once(
        self, method: str, path: str, timeout_s: float, *, headers: dict[str, str], **more: Any
    ) -> Answer:
        known = {"Authorization": f"Device {self._token}"} if self._token else {}
        limits = httpx.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s))
        async with (
            self._gate,
            asyncio.timeout(timeout_s),
            self._http.stream(method, path, timeout=limits, headers={**headers, **known}, **more) as response,
        ):
            content = bytearray()
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > ANSWER_MAX:
                    raise httpx.ReadError("an answer beyond any size")
        return _answer(response, bytes(content))


def _rows(answer: Answer, path: str) -> list[dict[str, Any]]:
    rows = answer.body.get("results") if isinstance(answer.body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
        raise Unreachable("unreachable", f"no list at {path}")
    return rows


def _count(answer: Answer, path: str) -> int:
    count = answer.body.get("count") if isinstance(answer.body, dict) else None
    if not isinstance(count, int):
        raise Unreachable("unreachable", f"no list at {path}")
    return count


def _settled(head: Answer) -> str:
    """Return when a list last changed, unless that is so recent that another change would bear the same second."""
    changed = _time(head.last_modified)
    is_settled = changed is not None and head.server_time is not None and head.server_time - changed >= SETTLED
    return head.last_modified if is_settled else ""


def _time(text: str) -> "datetime | None":
    """Return an HTTP date; None where it is none, or without a zone."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


@cache
def _trust(ca_file: str) -> ssl.SSLContext:
    """Return whom we trust: the system's store or one file; read once, for that takes longer than many requests."""
    return ssl.create_default_context(cafile=ca_file or None)


def fault(problem: BaseException) -> str:
    """Return what kept us from the server, a wrong certificate by its fault."""
    at: BaseException | None = problem
    while at is not None:
        if isinstance(at, ssl.SSLCertVerificationError):
            return f"certificate {CERTIFICATE_FAULTS.get(at.verify_code, at.verify_message)}"
        if isinstance(at, ssl.SSLError):
            return "no TLS"
        at = at.__cause__ or at.__context__
    return type(problem).__name__


def _answer(response: httpx.Response, content: bytes) -> Answer:
    try:
        body = json.loads(content) if content else None
    except ValueError:
        if response.is_success:
            raise httpx.RemoteProtocolError("an answer that is no JSON") from None
        body = None
    said = response.headers
    return Answer(
        response.status_code, body, said.get("Last-Modified", ""), _time(said.get("Date", "")),
        said.get("X-Page-Generated", ""),
    )  # fmt: skip


def _is_refused(answer: Answer) -> bool:
    """Say whether the server itself said no: it does so in JSON; a page of 403 or 404 is some portal's on the way."""
    return answer.status in REFUSING and answer.body is not None


def _is_overdrawn(answer: Answer) -> bool:
    """Say whether a gift card has not enough: a refusal for good, though told with the status of a conflict."""
    return answer.status == httpx.codes.CONFLICT and isinstance(answer.body, dict) and "value" in answer.body


def _refusal(answer: Answer) -> PlatformError:
    keys = {401: "not_allowed", 403: "not_allowed", 404: "not_found", 410: "not_found"}
    key = keys.get(answer.status) or refusal_key(answer.body)
    return Refused(key, json.dumps(answer.body, ensure_ascii=False)[:300])


def _outcome(answer: Answer) -> Answer:
    """Sort a written answer: 429 was not acted upon; 409, 5xx and the unheard-of may have been."""
    if answer.status in {200, 201, 204}:
        return answer
    if answer.status == httpx.codes.TOO_MANY_REQUESTS:
        raise Unreachable("unreachable", "asked to wait")
    if _is_refused(answer) or _is_overdrawn(answer):
        raise _refusal(answer)
    raise OutcomeUnknown("outcome_unknown", f"answered {answer.status}")
