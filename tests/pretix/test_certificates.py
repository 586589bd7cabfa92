"""Only the pinned authority's word counts: every other certificate is refused by name, and the server told nothing."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from ssl import SSLContext
from typing import Any

import pytest

from kiosk.platforms.pretix import Ask, NotLinkedError, SealedLink, Terminal, join
from tests.pretix.authorities import Authority
from tests.pretix.relay import Relay
from tests.pretix.test_terminal import Till

HERE = "127.0.0.1"
WRONG: dict[str, Callable[[Authority, Authority], SSLContext]] = {
    "expired": lambda ours, _: ours.server(HERE, days=10, begins=-20),
    "not yet valid": lambda ours, _: ours.server(HERE, begins=2),
    "for another address": lambda ours, _: ours.server("192.0.2.1"),
    "of a foreign authority": lambda _, foreign: foreign.server(HERE),
    "self-signed": lambda ours, _: ours.server(HERE, is_own=True),
}


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> tuple[Authority, Authority]:
    folder = tmp_path_factory.mktemp("authorities")
    return Authority(folder, "ours"), Authority(folder, "foreign")


def port(server: Any) -> int:
    return int(server.url.rsplit(":", 1)[1])


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_certificate_is_refused_by_name_and_told_nothing(
    server: Any, authorities: tuple[Authority, Authority], tmp_path: Path, fault: str
) -> None:
    ask = Ask(Terminal("Test", "Kiosk", "1"), ca_file=str(authorities[0].file))
    sealed = SealedLink(tmp_path / "link")
    with Relay(port(server), tls=WRONG[fault](*authorities)) as relay:
        with pytest.raises(NotLinkedError) as caught:
            asyncio.run(join(sealed, ask, relay.url, "0123456789abcdef"))
        assert (caught.value.key, caught.value.detail) == ("unreachable", f"certificate {fault}")
        assert relay.carried == 0
    assert sealed.read() is None


def test_the_system_s_authorities_do_not_vouch_for_ours(
    server: Any, authorities: tuple[Authority, Authority], tmp_path: Path
) -> None:
    with Relay(port(server), tls=authorities[0].server(HERE)) as relay:
        with pytest.raises(NotLinkedError) as caught:
            asyncio.run(join(SealedLink(tmp_path), Ask(Terminal("T", "K", "1")), relay.url, "0123456789abcdef"))
        assert caught.value.detail == "certificate of a foreign authority"
        assert relay.carried == 0


def test_a_server_without_tls_is_told_nothing_over_it(server: Any, tmp_path: Path) -> None:
    url = server.url.replace("http://", "https://")
    with pytest.raises(NotLinkedError) as caught:
        asyncio.run(join(SealedLink(tmp_path), Ask(Terminal("T", "K", "1")), url, "0123456789abcdef"))
    assert caught.value.detail == "no TLS"


def test_a_terminal_sells_over_tls_and_stops_when_the_certificate_runs_out(
    server: Any, authorities: tuple[Authority, Authority], tmp_path: Path
) -> None:
    server.reset()
    ours, _ = authorities
    till = Till(server, tmp_path)
    till.practise()
    with Relay(port(server), tls=ours.server(HERE)) as relay:
        till.settings.write_text(f'[platform]\nkind = "pretix"\nca_file = "{ours.file}"\n')
        assert till.guichet("platform", "link", relay.url, till.code()).returncode == 0
        till.sell("--event", "museum", "--rider", f"{server.facts['adult']}=1")
        relay.expire(ours.server(HERE, days=10, begins=-20))
        assert till.guichet("sell", "--event", "museum").returncode == 3
        assert till.guichet("doctor").returncode == 1
        assert "certificate expired" in till.said[-2]
        assert till.guichet("platform", "roll").returncode == 3
        assert "certificate is expired" in till.said[-1]
        assert till.guichet("platform", "link").returncode == 0
    till.settings.write_text(f'[platform]\nkind = "pretix"\nca_file = "{till.settings}"\n')
    assert till.guichet("doctor").returncode == 6
    assert "Name a PEM file" in till.said[-1]
    assert till.guichet("platform", "roll").returncode == 3
    assert "Name a PEM file" in till.said[-1]
    till.http.close()
