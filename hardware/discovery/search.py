"""One search over every way at once, each bounded; what is found twice is told once."""

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Network
from pathlib import Path

from hardware.discovery.announced import IPP, RAW, Announcement, announced
from hardware.discovery.finding import FINDS_MAX, Candidate, Find, FindLimits, Found
from hardware.discovery.nearby import PAYMENT_PORT, RAW_PORT, Address, Answer, look_around
from hardware.discovery.networks import own_networks
from hardware.discovery.plugged import card_readers, plugged_in


async def find_devices(
    limits: FindLimits | None = None,
    *,
    networks: Sequence[IPv4Network] | None = None,
    own: Sequence[str] | None = None,
    in_use: frozenset[Address] = frozenset(),
    root: Path = Path("/"),
) -> Found:
    """Look for devices; blocking work runs on threads of its own.

    Args:
        limits: how far to go.
        networks: which to look through; None for those this machine stands in.
        own: addresses of ours at which announcements are asked for; None for those in its networks.
        in_use: addresses of devices that are in the settings; they are left alone.
        root: where /sys and /dev lie.
    """
    bounds = limits or FindLimits()
    around = await asyncio.to_thread(own_networks, bounds.prefix_min, bounds.networks_max)
    chosen = tuple(networks if networks is not None else (network for network, _ in around))[: bounds.networks_max]
    ours = tuple(own if own is not None else (str(address) for _, address in around))
    here, readers, heard = await asyncio.gather(
        asyncio.to_thread(plugged_in, root),
        asyncio.to_thread(card_readers),
        asyncio.to_thread(announced, ours, bounds.announce_s) if ours else _nothing(),
    )
    pages = frozenset(each.host for each in heard or () if each.is_page_printer)
    asked = frozenset(each.host for each in heard or () if each.speaks_escpos) - pages
    answers, is_whole = await asyncio.to_thread(_look_around, chosen, bounds, in_use, asked)
    missed = [name for name, way in (("pcsc", readers), ("mdns", heard)) if way is None]
    return Found(
        (*here, *(readers or ()), *_on_the_net(answers, heard or (), pages))[:FINDS_MAX],
        tuple(map(str, chosen)),
        (*missed, *(() if is_whole else ("network",))),
    )


def _look_around(
    networks: Sequence[IPv4Network], limits: FindLimits, skip: frozenset[Address], asked: frozenset[str]
) -> tuple[tuple[Answer, ...], bool]:
    """Look on a loop of our own: hundreds of connections have no place on that of a face."""
    return asyncio.run(look_around(networks, limits, skip=skip, asked=asked))


def _on_the_net(answers: Sequence[Answer], heard: Sequence[Announcement], pages: frozenset[str]) -> list[Find]:
    names = {each.host: each.name for each in heard}
    finds = [_answered(each, names.get(each.host, ""), pages) for each in answers]
    told = {each.place for each in finds}
    raw = [each for each in heard if each.service == RAW and f"{each.host}:{each.port}" not in told]
    finds += [_only_announced(each) for each in raw]
    hosts = {each.host for each in answers} | {each.host for each in raw}
    others = {each.host: each for each in heard if each.host not in hosts}
    finds += [
        Find("mdns", f"{each.host}:{each.port}", each.name, note="ipp" if each.service == IPP else "page_printer")
        for each in others.values()
    ]
    return finds


def _answered(answer: Answer, name: str, pages: frozenset[str]) -> Find:
    place = f"{answer.host}:{answer.port}"
    if answer.port == PAYMENT_PORT:
        return Find("network", place, name, (Candidate("payment_terminal.zvt", {"host": answer.host}),), "silent")
    if answer.host in pages:
        return Find("network", place, name, note="page_printer")
    candidate = Candidate("printer.escpos.tcp", {"host": answer.host})
    return Find("network", place, name, (candidate,), "" if answer.is_escpos else "silent")


def _only_announced(each: Announcement) -> Find:
    place = f"{each.host}:{each.port}"
    if each.is_page_printer:
        return Find("mdns", place, each.name, note="page_printer")
    options = {"host": each.host} | ({} if each.port == RAW_PORT else {"port": each.port})
    return Find("mdns", place, each.name, (Candidate("printer.escpos.tcp", options),), "not_asked")


async def _nothing() -> tuple[Announcement, ...]:
    return ()
