"""A terminal joins, renews and leaves a pretix; what lets it in is sealed, and a lost answer is told again."""

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.platforms.pretix import (
    Ask,
    Client,
    Link,
    NotLinkedError,
    SealBrokenError,
    SealedLink,
    Terminal,
    address_and_code,
    join,
    leave,
    renew,
)
from kiosk.platforms.pretix.client import Access, fault
from kiosk.platforms.pretix.sealed_link import CREDENTIAL
from tests.simulation.pretix_model import PretixModel
from tests.simulation.programme import programme

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
URL = "https://tickets.example"
CODE = "initialization"


class Wire(httpx.AsyncBaseTransport):
    """Carry requests to the model; `lost` answers to writes are lost on the way back."""

    def __init__(self) -> None:
        self.model = PretixModel(programme(NOW), lambda: NOW)
        self.lost = 0
        self.is_cut = False
        self.instead: httpx.Response | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectError("cut")
        if self.instead is not None:
            return self.instead
        answer = self.model.handle(request)
        if self.lost and request.method != "GET":
            self.lost -= 1
            raise httpx.ReadTimeout("lost")
        return answer


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def sealed(tmp_path: Path) -> SealedLink:
    return SealedLink(tmp_path / "link")


def ask(wire: Wire, **more: str) -> Ask:
    return Ask(Terminal("Guichet", "t-1", "1"), transport=wire, **more)


def joined(wire: Wire, sealed: SealedLink) -> Link:
    return asyncio.run(join(sealed, ask(wire), URL, CODE))


def refused(work: Any) -> str:
    with pytest.raises(NotLinkedError) as caught:
        asyncio.run(work)
    return caught.value.key


def test_a_code_becomes_a_link_that_another_run_reads(wire: Wire, sealed: SealedLink, tmp_path: Path) -> None:
    link = joined(wire, sealed)
    assert (link.url, link.organizer, link.token) == (URL, "guichet", wire.model.device.token)
    assert len(link.hold_key) == 32
    assert SealedLink(tmp_path / "link").read() == link
    assert refused(join(sealed, ask(wire), URL, CODE)) == "linked_already"


def test_what_lets_in_lies_nowhere_in_the_clear(wire: Wire, sealed: SealedLink, tmp_path: Path) -> None:
    link = joined(wire, sealed)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"link.key", "link.sealed"}
    for path in files:
        assert path.stat().st_mode & 0o077 == 0
        for secret in (link.token.encode(), link.hold_key, CODE.encode()):
            assert secret not in path.read_bytes()
    assert link.token not in repr(link)


def test_a_lost_answer_is_told_again_to_the_next_run(wire: Wire, sealed: SealedLink, tmp_path: Path) -> None:
    wire.lost = 3
    assert refused(join(sealed, ask(wire), URL, CODE)) == "answer_lost"
    link = joined(wire, SealedLink(tmp_path / "link"))
    assert link.token == wire.model.device.token
    assert wire.model.device.known == {CODE}


def test_a_new_token_takes_the_place_of_the_old_one_also_after_lost_answers(wire: Wire, sealed: SealedLink) -> None:
    old = joined(wire, sealed)
    wire.lost = 3
    assert refused(renew(sealed, ask(wire))) == "answer_lost"
    assert sealed.read().token == old.token  # type: ignore[union-attr]
    new = asyncio.run(renew(sealed, ask(wire)))
    assert new.token == wire.model.device.token != old.token
    assert (new.hold_key, new.asking_key, wire.model.device.rolls) == (old.hold_key, "", 1)


def test_a_running_client_takes_up_the_token_that_was_renewed_beside_it(wire: Wire, sealed: SealedLink) -> None:
    old = joined(wire, sealed)

    async def whole() -> int:
        client = Client(
            Access(URL, "guichet", old.token), transport=wire,
            renewed=lambda: (sealed.read() or old).token,
        )  # fmt: skip
        await renew(sealed, ask(wire))
        answer = await client.get(client.root + "/", timeout_s=5)
        await client.close()
        return answer.status

    assert asyncio.run(whole()) == 200


def test_leaving_kills_the_token_there_and_forgets_it_here(wire: Wire, sealed: SealedLink, tmp_path: Path) -> None:
    joined(wire, sealed)
    assert asyncio.run(leave(sealed, ask(wire), owes=False))
    assert wire.model.device.is_revoked
    assert sealed.read() is None
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert refused(leave(sealed, ask(wire), owes=False)) == "not_linked"
    assert refused(renew(sealed, ask(wire))) == "not_linked"


def test_a_device_revoked_there_is_told_so_and_can_be_left(wire: Wire, sealed: SealedLink) -> None:
    joined(wire, sealed)
    wire.model.device.is_revoked = True
    assert refused(renew(sealed, ask(wire))) == "revoked"
    assert asyncio.run(leave(sealed, ask(wire), owes=False))
    assert sealed.read() is None


def test_who_owes_sales_leaves_only_when_revoked_and_comes_back_to_the_same_organizer(
    wire: Wire, sealed: SealedLink
) -> None:
    joined(wire, sealed)
    assert refused(leave(sealed, ask(wire), owes=True)) == "still_owed"
    wire.model.device.is_revoked = True
    assert asyncio.run(leave(sealed, ask(wire), owes=True))
    assert sealed.read() == Link(URL, "guichet")
    wire.model.device.known.clear()
    wire.model.new_token()
    assert joined(wire, sealed).organizer == "guichet"
    sealed.write(Link(URL, "else"))
    wire.model.device.known.clear()
    assert refused(join(sealed, ask(wire), URL, CODE)) == "other_organizer"


def test_without_a_wire_the_token_lives_and_is_kept(wire: Wire, sealed: SealedLink) -> None:
    link = joined(wire, sealed)
    wire.is_cut = True
    assert refused(leave(sealed, ask(wire), owes=False)) == "unreachable"
    assert refused(renew(sealed, ask(wire))) == "unreachable"
    assert sealed.read().token == link.token  # type: ignore[union-attr]


def test_codes_that_open_nothing_are_refused_by_name(wire: Wire, sealed: SealedLink, tmp_path: Path) -> None:
    assert refused(join(sealed, ask(wire), URL, "other")) == "code_unknown"
    joined(wire, sealed)
    second = SealedLink(tmp_path / "second")
    assert refused(join(second, ask(wire), URL, CODE)) == "code_used"
    assert second.read() is None


def test_the_settings_pin_server_and_organizer(wire: Wire, sealed: SealedLink) -> None:
    assert refused(join(sealed, ask(wire, url="https://else.example"), URL, CODE)) == "other_address"
    assert refused(join(sealed, ask(wire, organizer="else"), URL, CODE)) == "other_organizer"
    assert wire.model.device.is_revoked
    assert sealed.read() == Link(URL, "else")


@pytest.mark.parametrize(
    "instead",
    [
        httpx.Response(200, html="<h1>Welcome</h1>"), httpx.Response(404, html="<h1>Not here</h1>"),
        httpx.Response(404, json={"error": "no such page"}), httpx.Response(200, json={}),
        httpx.Response(302, headers={"Location": "https://portal.example"}),
    ],
)  # fmt: skip
def test_what_is_no_pretix_is_told_nothing(wire: Wire, sealed: SealedLink, instead: httpx.Response) -> None:
    wire.instead = instead
    assert refused(join(sealed, ask(wire), URL, CODE)) == "not_pretix"
    assert sealed.read() is None


def test_a_changed_seal_opens_nothing_and_is_left_without_asking(
    wire: Wire, sealed: SealedLink, tmp_path: Path
) -> None:
    joined(wire, sealed)
    file = tmp_path / "link" / "link.sealed"
    whole = file.read_bytes()
    for broken in (whole[:-1] + bytes([whole[-1] ^ 1]), b"", b"XXXX" + whole[4:], whole[:20]):
        file.write_bytes(broken)
        with pytest.raises(SealBrokenError):
            sealed.read()
    assert not asyncio.run(leave(sealed, ask(wire), owes=False))
    assert sealed.read() is None


def test_the_key_may_be_the_service_s_credential(
    wire: Wire, sealed: SealedLink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / CREDENTIAL).write_bytes(bytes(range(32)))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    link = joined(wire, sealed)
    assert not (tmp_path / "link" / "link.key").exists()
    assert sealed.read() == link
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    with pytest.raises(SealBrokenError):
        sealed.read()


def test_address_and_code_come_apart_or_as_the_qr_code_says() -> None:
    assert address_and_code("https://a.example/", "abc") == ("https://a.example", "abc")
    assert address_and_code('{"handshake_version": 1, "url": "https://a.example", "token": "abc"}', "") == (
        "https://a.example",
        "abc",
    )
    assert address_and_code("http://127.0.0.1:8000/x", "abc") == ("http://127.0.0.1:8000/x", "abc")


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        ("https://a.example", "", "bad_code"), ("https://a.example", "a b", "bad_code"), ("{", "", "bad_code"),
        ('{"url": 1, "token": "abc"}', "", "bad_address"), ("a.example", "abc", "bad_address"),
        ("https://", "abc", "bad_address"), ("https://me:pw@a.example", "abc", "bad_address"),
        ("https://[::1", "abc", "bad_address"), ("http://a.example", "abc", "not_safe"),
        ("https://a.example:99999", "abc", "bad_address"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_before_anything_is_asked(first: str, second: str, key: str) -> None:
    with pytest.raises(NotLinkedError) as caught:
        address_and_code(first, second)
    assert caught.value.key == key


def test_a_wrong_certificate_is_told_by_its_fault() -> None:
    wrong = ssl.SSLCertVerificationError()
    wrong.verify_code, wrong.verify_message = 10, "certificate has expired"
    problem = httpx.ConnectError("no")
    problem.__cause__ = wrong
    assert fault(problem) == "certificate expired"
    problem.__cause__ = ssl.SSLError()
    assert fault(problem) == "no TLS"
    assert fault(httpx.ConnectError("no")) == "ConnectError"
