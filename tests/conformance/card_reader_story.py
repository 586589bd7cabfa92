"""Runs inside its own mount and network namespace: the real pcscd and pyscard, cards of the emulator; prints JSON."""

import asyncio
import fcntl
import json
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

from hardware.card_reader.emulator import EmulatedCard, VirtualReader
from hardware.card_reader.interface import CardEvent, CardEventKind
from hardware.card_reader.pcsc import PcscCardReader
from hardware.errors import DeviceError

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
WAIT_S = 30.0


def bring_up_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sh14x", b"lo", 0)
        (flags,) = struct.unpack("16xh14x", fcntl.ioctl(sock, SIOCGIFFLAGS, request))
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


class Service:
    """The real pcscd, started and killed."""

    def __init__(self, folder: Path) -> None:
        self._config = folder / "readers"
        self._config.mkdir(parents=True)
        self._log = folder / "pcscd.log"
        text = (
            'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x8C7B\n'
            "LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID 0x8C7B\n"
        )
        (self._config / "vpcd").write_text(text)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("pcscd") or "/usr/sbin/pcscd"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [program, "--foreground", "--config", str(self._config)], stdout=log, stderr=log
            )

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


class Watch:
    """What the reader told, awaitable."""

    def __init__(self) -> None:
        self.events: list[CardEvent] = []
        self._moved = asyncio.Event()

    def take(self, event: CardEvent) -> None:
        self.events.append(event)
        self._moved.set()

    def present(self) -> CardEvent | None:
        last = self.events[-1] if self.events else None
        return None if last is None or last.kind is CardEventKind.REMOVED else last

    async def until(self, seq: int, *, is_present: bool) -> CardEvent | None:
        async with asyncio.timeout(WAIT_S):
            while True:
                last = self.events[-1] if self.events else None
                if last is None and not is_present:
                    return None
                if last is not None and (last.kind is not CardEventKind.REMOVED) is is_present and last.card_seq >= seq:
                    return last
                self._moved.clear()
                await self._moved.wait()


async def insert(virtual: VirtualReader, card: EmulatedCard) -> None:
    """The driver listens a moment after pcscd starts."""
    for _ in range(300):
        try:
            await asyncio.to_thread(virtual.insert, card)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            return
    raise TimeoutError("the virtual reader does not listen")


def in_use() -> tuple[int, int]:
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


async def leaks(base: tuple[int, int]) -> tuple[int, int]:
    """Count threads and handles above the base, after those of the last card had time to end."""
    for _ in range(100):
        now = in_use()
        if now[0] <= base[0] and now[1] <= base[1]:
            break
        await asyncio.sleep(0.05)
    return max(0, now[0] - base[0]), max(0, now[1] - base[1])


async def story(folder: Path, rounds: int) -> dict[str, object]:
    chance = random.Random(11)
    service = Service(folder)
    device = PcscCardReader("card", name_prefix="Virtual PCD")
    watch = Watch()
    await device.start(watch.take)
    causes = [(await device.health()).cause]
    service.start()
    virtual = VirtualReader()
    told, read, pulled, mute, kills = 0, 0, 0, 0, 0
    kinds = ["plain"] * 4 + ["swap", "mid", "kill", "mute", "payment"]
    plan = [kinds[i % len(kinds)] for i in range(rounds)]
    chance.shuffle(plan)
    base = (0, 0)
    for number, kind in enumerate(plan):
        before = watch.events[-1].card_seq if watch.events else 0
        card = EmulatedCard(uid=number.to_bytes(4), text=f"GUICHET:{number}", is_payment_card=kind == "payment")
        card.is_mute = kind == "mute"
        card.pull_at_apdu = 3 if kind == "mid" else 0
        await insert(virtual, card)
        event = await watch.until(before + 1, is_present=True)
        told += event is not None and event.card_seq == before + 1
        seq = event.card_seq if event else 0
        try:
            contents = await device.read(seq, timeout_s=0.5 if kind == "mute" else 10)
        except DeviceError as error:
            mute += kind == "mute" and error.key == "card_reader.card_mute"
            pulled += kind == "mid"
        else:
            is_right = contents.is_payment_card if kind == "payment" else contents.ndef == (card.text,)
            read += is_right and (kind == "payment" or contents.uid == card.uid.hex().upper())
        if kind == "swap":
            second = EmulatedCard(uid=card.uid, text="GUICHET:second")
            await insert(virtual, second)
            event = await watch.until(seq + 1, is_present=True)
            told += event is not None
            contents = await device.read(event.card_seq if event else 0, timeout_s=10)
            read += contents.ndef == ("GUICHET:second",)
        if kind == "kill":
            service.kill()
            kills += 1
            await watch.until(seq, is_present=False)
            await asyncio.to_thread(virtual.pull)
            service.start()
            continue
        await asyncio.to_thread(virtual.pull)
        await watch.until(seq, is_present=False)
        if number == min(9, rounds // 2):
            base = in_use()
    leaked = await leaks(base)
    await device.close()
    service.kill()
    return {
        "plan": {k: plan.count(k) for k in set(plan)},
        "told": told,
        "read": read,
        "pulled": pulled,
        "mute": mute,
        "kills": kills,
        "leaked": leaked,
        "first_cause": causes[0],
        "watchers_left": sum(t.name == "card-watcher" for t in threading.enumerate()),
    }


if __name__ == "__main__":
    bring_up_loopback()
    sys.stdout.write(json.dumps(asyncio.run(story(Path(sys.argv[1]), int(sys.argv[2])))))
