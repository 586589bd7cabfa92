"""The till and its store: what cannot be written has not happened, what was answered is written down later."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.application import till as till_module
from kiosk.application.clock import SystemClock, TrainingClock
from kiosk.application.codec import (
    UnknownVersionError,
    UnreadableError,
    decode_event,
    decode_message,
    encode,
    kind_of,
)
from kiosk.application.identities import RandomIdentities
from kiosk.application.purchaser import Purchaser
from kiosk.application.store_gateway import StoreGateway, Written, actor_of
from kiosk.application.till import CANNOT_WRITE, Till
from kiosk.domain.catalogue import Occurrence, OccurrenceKind, Offer, OfferPart, PartKind, Texts
from kiosk.domain.money import Money
from kiosk.domain.sale import effects as do
from kiosk.domain.sale import events as ev
from kiosk.domain.sale.booking import SyncState
from kiosk.domain.sale.document import DocumentState
from kiosk.domain.sale.sale import Sale, Stage
from kiosk.domain.sale.tender import TenderKind, TenderState
from offline_store import CommitUncertain, JournalRow, NotWritten, OutOfSpace, Store, StoreOptions

TERMS = ev.SaleTerms(platforms=(ev.PlatformTerms("rail"),))
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def offer() -> Offer:
    late, name = datetime.now(UTC) + timedelta(days=1), Texts("A", (("zh", "甲"),))
    part = OfferPart("p", PartKind.ADMISSION, "x", name, Money(1200, "EUR"), 700)
    trip = Occurrence("t", OccurrenceKind.TRIP, name, NOW, late, "UTC")
    return Offer("o", "rail", trip, (part,), "EUR", late, NOW, NOW, late, name)


class Answers:
    """A performer that answers holds and payments at once and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[do.Effect] = []

    async def perform(self, sale: Sale, effect: do.Effect, post: Callable[[str, ev.Event], None]) -> None:
        self.asked.append(effect)
        now = datetime.now(UTC)
        match effect:
            case do.MakeHold(platform_id, hold_id, _):
                post(sale.id, ev.HoldMade(platform_id, hold_id, now + timedelta(hours=1), now))
            case do.CollectPayment(reference, amount):
                post(sale.id, ev.PaymentApproved(reference, amount, now))
            case do.PrintDocument(document_id, _, job_id, _):
                post(sale.id, ev.DocumentPrinted(document_id, job_id, now))
            case _:
                return


class FlakyGateway(StoreGateway):
    """A gateway whose n-th write goes wrong: full before it, or uncertain after it."""

    def __init__(self, store: Store, at: int = 0, how: str = "") -> None:
        super().__init__(store)
        self.at, self.how, self.count = at, how, 0

    async def keep(self, *args: Any) -> None:
        self.count += 1
        if self.count == self.at and self.how == "full":
            raise OutOfSpace("store.full")
        await super().keep(*args)


async def sell(
    folder: Path, at: int, how: str, options: StoreOptions | None = None
) -> tuple[Sale | None, Answers, int]:
    """Sell one ticket over a store with one fault; return the sale, what was asked, and the count of writes."""
    async with await Store.open(folder, options=options) as store:
        gateway, answers = FlakyGateway(store, at, how), Answers()
        performer: Any = answers
        till = Till(gateway, performer, RandomIdentities(), SystemClock(), TERMS, currency="EUR")
        sale_id = till.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
        touches: list[ev.Event] = [ev.OfferChosen(offer()), ev.CheckoutAsked(datetime.now(UTC))]
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            group.create_task(till.run())
            for touch in touches:
                await till.tell(sale_id, touch)
            while (sale := till.sale(sale_id)) is not None and sale.stage is Stage.HOLDING:
                await asyncio.sleep(0.005)
            await till.tell(sale_id, ev.TenderChosen(TenderKind.CARD, datetime.now(UTC)))
            code = sale.bookings[0].code if sale and sale.bookings else ""
            for _ in range(400):
                sale = till.sale(sale_id)
                if sale is None or not sale.tenders or sale.stage is Stage.DONE:
                    break
                if sale.is_settled:
                    await till.tell(sale_id, ev.BookingProven(code, datetime.now(UTC)))
                await asyncio.sleep(0.01)
            await till.stop()
        return till.sale(sale_id), answers, gateway.count


def test_a_full_disk_at_any_write_refuses_before_payment_or_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(till_module, "RETRY_S", 0.01)
    clean, _, writes = asyncio.run(sell(tmp_path / "clean", 0, ""))
    assert clean is not None
    assert clean.stage is Stage.DONE
    for at in range(1, writes + 1):
        sale, answers, _ = asyncio.run(sell(tmp_path / str(at), at, "full"))
        is_asked = any(isinstance(each, do.CollectPayment) for each in answers.asked)
        assert is_asked == (sale is not None and sale.stage is Stage.DONE), f"write {at}"


def test_no_payment_is_begun_without_room_to_write_it_down(tmp_path: Path) -> None:
    sale, answers, _ = asyncio.run(sell(tmp_path, 0, "", StoreOptions(free_bytes_min=1 << 62)))
    assert sale is not None
    assert sale.tenders == ()
    assert not any(isinstance(each, do.CollectPayment) for each in answers.asked)


def test_a_touch_that_was_not_written_says_so_and_has_not_happened(tmp_path: Path) -> None:
    seen: list[str] = []

    async def run() -> Sale | None:
        async with await Store.open(tmp_path) as store:
            performer: Any = Answers()
            till = Till(
                FlakyGateway(store, 2, "full"), performer, RandomIdentities(), SystemClock(), TERMS, currency="EUR"
            )
            end = till.subscribe(lambda sale: seen.append(sale.problem))
            sale_id = till.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
            async with asyncio.TaskGroup() as group:
                group.create_task(till.run())
                await till.tell(sale_id, ev.OfferRemoved("none"))  # open by then
                await till.tell(sale_id, ev.OfferChosen(offer()))
                await till.stop()
            end()
            return till.sale(sale_id)

    sale = asyncio.run(run())
    assert sale is not None
    assert sale.basket.offers == ()
    assert seen == ["", CANNOT_WRITE]


class ListedGateway(FlakyGateway):
    """A gateway that lists the names of the events of each write it is asked for."""

    def __init__(self, store: Store, at: int = 0, how: str = "") -> None:
        super().__init__(store, at, how)
        self.asked: list[tuple[str, ...]] = []

    async def keep(self, written: Any) -> None:
        self.asked.append(tuple(type(each.event).__name__ for each in written))
        await super().keep(written)


async def listed(folder: Path, at: int, how: str) -> tuple[Sale | None, list[tuple[str, ...]]]:
    """Post five events before the till runs; return the sale and what was asked to be written together."""
    async with await Store.open(folder) as store:
        gateway, performer = ListedGateway(store, at, how), Answers()
        anyone: Any = performer
        till = Till(gateway, anyone, RandomIdentities(), SystemClock(), TERMS, currency="EUR")
        sale_id = till.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
        till.post(sale_id, ev.OfferChosen(offer()))
        till.name_purchaser(sale_id, Purchaser(holder="Ada"))
        till.post(sale_id, ev.LanguageChosen("zh"))
        async with asyncio.TaskGroup() as group:
            group.create_task(till.run())
            await till.tell(sale_id, ev.OfferRemoved("o"))
            await till.stop()
        read = await gateway.read(sale_id)
        assert read is not None
        assert read.sale == till.sale(sale_id)
        assert (await store.read_personal(sale_id)).get("holder") == b"Ada"
        return till.sale(sale_id), gateway.asked


def test_events_that_wait_together_are_written_together_up_to_one_with_personal_data(tmp_path: Path) -> None:
    sale, asked = asyncio.run(listed(tmp_path, 0, ""))
    assert asked == [("SaleOpened", "OfferChosen", "PurchaserGiven"), ("LanguageChosen", "OfferRemoved")]
    assert sale is not None
    assert (sale.language, sale.basket.offers) == ("zh", ())


def test_events_refused_together_are_written_each_by_itself(tmp_path: Path) -> None:
    sale, asked = asyncio.run(listed(tmp_path, 1, "full"))
    assert asked[1:4] == [("SaleOpened",), ("OfferChosen",), ("PurchaserGiven",)]
    assert sale is not None
    assert (sale.language, sale.basket.offers) == ("zh", ())


def test_an_event_that_changes_nothing_is_told_so_only_when_what_it_repeats_is_durable(tmp_path: Path) -> None:
    """A platform that answers twice must not be believed to be written down because its first answer is on its way."""

    class WatchedGateway(ListedGateway):
        async def keep(self, written: Any) -> None:
            await super().keep(written)
            seen.append(any(each.done() for each in told))

    async def run() -> None:
        async with await Store.open(tmp_path) as store:
            anyone: Any = Answers()
            till = Till(WatchedGateway(store), anyone, RandomIdentities(), SystemClock(), TERMS, currency="EUR")
            sale_id = till.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
            told.extend(asyncio.create_task(till.tell(sale_id, ev.OfferChosen(offer()))) for _ in range(2))
            told.extend(asyncio.create_task(till.tell(sale_id, ev.LanguageChosen("zh"))) for _ in range(2))
            await asyncio.sleep(0)
            async with asyncio.TaskGroup() as group:
                group.create_task(till.run())
                await asyncio.gather(*told)
                await till.stop()

    told: list[asyncio.Task[None]] = []
    seen: list[bool] = []
    asyncio.run(run())
    assert seen == [False]


class TwoCards:
    """A performer that answers for the first card only after the second."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.was_told = asyncio.Event()

    async def perform(self, sale: Sale, effect: Any, post: Any) -> None:
        if not isinstance(effect, do.FindBooking):
            return
        self.asked.append(effect.chip)
        if effect.chip == "04AA":
            await self.was_told.wait()
        post(sale.id, ev.BookingFound(f"OF-{effect.chip}", "p", (), (), NOW))
        self.was_told.set()


def test_a_late_answer_about_one_card_does_not_take_the_place_of_the_next_ones(tmp_path: Path) -> None:
    async def story() -> str:
        async with await Store.open(tmp_path) as store:
            performer = TwoCards()
            anyone: Any = performer
            till = Till(StoreGateway(store), anyone, RandomIdentities(), SystemClock(), TERMS, currency="EUR")
            sale_id = till.open_sale(ev.SaleKind.PICKUP, ev.Channel.KIOSK, ev.CUSTOMER, "en")
            async with asyncio.TaskGroup() as group:
                group.create_task(till.run())
                for chip in ("04AA", "04BB"):
                    await till.tell(sale_id, ev.PickUpAsked("", chip))
                    while chip not in performer.asked:
                        await asyncio.sleep(0)
                await performer.was_told.wait()
                await till.tell(sale_id, ev.LanguageChosen("zh"))  # behind every answer
                await asyncio.sleep(0)
                await till.tell(sale_id, ev.LanguageChosen("ar"))
                sale = till.sale(sale_id)
                await till.stop()
            assert sale is not None
            assert sale.found is not None
            return sale.found.code

    assert asyncio.run(story()) == "OF-04BB"


class UncertainStore:
    """A store whose COMMIT raises, once after it persisted and once before."""

    def __init__(self, store: Store, *, persists: bool) -> None:
        self.store, self.persists = store, persists

    async def append(self, *args: Any, **more: Any) -> None:
        if self.persists:
            await self.store.append(*args, **more)
        raise CommitUncertain("store.commit")

    async def read_sale(self, sale_id: str) -> Any:
        return await self.store.read_sale(sale_id)


@pytest.mark.parametrize("persists", [True, False])
def test_a_commit_that_raised_is_read_again_before_it_is_believed(tmp_path: Path, persists: bool) -> None:
    async def run() -> None:
        async with await Store.open(tmp_path) as store:
            doubtful: Any = UncertainStore(store, persists=persists)
            event = ev.SaleOpened(
                "s", ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en", "EUR", NOW, "5e" * 32, TERMS
            )
            from kiosk.domain.sale.step import step

            sale, _ = step(None, event)
            after, _ = step(sale, ev.LanguageChosen("zh"))
            written = [Written(sale, event, (), 0), Written(after, ev.LanguageChosen("zh"), (), 1)]
            await StoreGateway(doubtful).keep(written)

    if persists:
        asyncio.run(run())
    else:
        with pytest.raises(CommitUncertain):
            asyncio.run(run())


def test_a_restart_takes_up_the_sale_and_asks_after_the_payment(tmp_path: Path) -> None:
    async def first() -> str:
        async with await Store.open(tmp_path) as store:
            performer: Any = Silent()
            till = Till(StoreGateway(store), performer, RandomIdentities(), SystemClock(), TERMS, currency="EUR")
            sale_id = till.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
            async with asyncio.TaskGroup() as group:
                group.create_task(till.run())
                await till.tell(sale_id, ev.OfferChosen(offer()))
                await till.tell(sale_id, ev.CheckoutAsked(datetime.now(UTC)))
                sale = till.sale(sale_id)
                assert sale is not None
                booking, now = sale.bookings[0], datetime.now(UTC)
                await till.tell(sale_id, ev.HoldMade("rail", booking.hold_id, now + timedelta(hours=1), now))
                await till.tell(sale_id, ev.TenderChosen(TenderKind.CARD, now))
                await till.stop()
            return sale_id

    async def second(sale_id: str) -> tuple[Sale | None, list[do.Effect]]:
        async with await Store.open(tmp_path) as store:
            silent = Silent()
            performer: Any = silent
            till = Till(StoreGateway(store), performer, RandomIdentities(), SystemClock(), TERMS, currency="EUR")
            async with asyncio.TaskGroup() as group:
                group.create_task(till.run())
                while till.sale(sale_id) is None or not silent.asked:
                    await asyncio.sleep(0.005)
                await till.stop()
            return till.sale(sale_id), silent.asked

    sale, asked = asyncio.run(second(asyncio.run(first())))
    assert sale is not None
    assert [each.state for each in sale.tenders] == [TenderState.UNKNOWN]
    assert [type(each) for each in asked] == [do.QueryPayment]


class Silent(Answers):
    """A performer that hears and never answers."""

    async def perform(self, sale: Sale, effect: do.Effect, post: Callable[[str, ev.Event], None]) -> None:
        del sale, post
        self.asked.append(effect)


class SlowToRead(StoreGateway):
    """A gateway that cannot read a sale the first time."""

    is_tried = False

    async def read(self, sale_id: str) -> Any:
        if not self.is_tried:
            self.is_tried = True
            raise NotWritten("store.disk")
        return await super().read(sale_id)


def test_a_late_answer_moves_a_sale_that_is_long_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was refused and sent again; in between came an answer that fits nothing, other sales, and a bad disk."""
    monkeypatch.setattr(till_module, "RETRY_S", 0.01)
    monkeypatch.setattr(till_module, "FINISHED_KEPT_MAX", 1)

    async def over(till: Till, answer: type[Any], *more: Any) -> str:
        sale_id = till.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
        await till.tell(sale_id, ev.OfferChosen(offer()))
        await till.tell(sale_id, ev.CheckoutAsked(datetime.now(UTC)))
        while (sale := till.sale(sale_id)) is None or sale.stage is not Stage.PAYING:
            await asyncio.sleep(0.005)
        code = sale.bookings[0].code
        await till.tell(sale_id, ev.TenderChosen(TenderKind.CARD, datetime.now(UTC)))
        while not any(each.is_settled for each in till.open_sales()):
            await asyncio.sleep(0.005)
        await till.tell(sale_id, ev.BookingTried(code, datetime.now(UTC), was_sent=False))
        while not all(each.state is DocumentState.PRINTED for each in till.open_sales()[0].tickets):
            await asyncio.sleep(0.005)
        await till.tell(sale_id, answer(code, *more, datetime.now(UTC)))
        await till.tell(sale_id, ev.CustomerLeft())
        assert till.open_sales() == ()
        return sale_id

    async def run() -> Sale | None:
        async with await Store.open(tmp_path) as store:
            performer: Any = Answers()
            gateway = SlowToRead(store)
            till = Till(gateway, performer, RandomIdentities(), SystemClock(), TERMS, currency="EUR")
            async with asyncio.timeout(30), asyncio.TaskGroup() as group:
                group.create_task(till.run())
                sale_id = await over(till, ev.BookingRefused, "sold_out")
                kept = await StoreGateway(store).read(sale_id)
                assert kept is not None
                code = kept.sale.bookings[0].code
                await till.tell(sale_id, ev.CancelProven(code, datetime.now(UTC)))
                await over(till, ev.BookingProven)
                assert till.sale(sale_id) is None
                await till.tell(sale_id, ev.BookingProven(code, datetime.now(UTC)))
                await till.stop()
            again = await StoreGateway(store).read(sale_id)
            return again.sale if again else None

    sale = asyncio.run(run())
    assert sale is not None
    assert [each.sync for each in sale.bookings] == [SyncState.DONE]


@pytest.mark.parametrize(("payload", "refusal"), [
    (b'{"v": 99, "data": {}}', UnknownVersionError), (b"not even JSON", UnreadableError),
])  # fmt: skip
def test_a_late_answer_to_a_sale_nobody_can_read_is_set_aside_and_the_till_goes_on(
    tmp_path: Path, payload: bytes, refusal: type[Exception]
) -> None:
    async def run() -> Sale | None:
        async with await Store.open(tmp_path) as store:
            row = JournalRow("old", "system", "sale.SaleOpened", payload)
            await store.append((row,), finished=("old",))
            performer: Any = Answers()
            till = Till(StoreGateway(store), performer, RandomIdentities(), SystemClock(), TERMS, currency="EUR")
            async with asyncio.timeout(30), asyncio.TaskGroup() as group:
                group.create_task(till.run())
                with pytest.raises(refusal):
                    await till.tell("old", ev.BookingProven("CODE", datetime.now(UTC)))
                till.post("old", ev.BookingProven("CODE", datetime.now(UTC)))
                sale_id = till.open_sale(ev.SaleKind.PURCHASE, ev.Channel.KIOSK, ev.CUSTOMER, "en")
                await till.tell(sale_id, ev.OfferChosen(offer()))
                await till.stop()
            return till.sale(sale_id)

    sale = asyncio.run(run())
    assert sale is not None
    assert sale.basket.offers


def test_events_come_back_from_the_journal_as_they_went_in() -> None:
    for event in (
        ev.OfferChosen(offer()),
        ev.TenderChosen(TenderKind.CASH, NOW, handed=Money(5, "EUR")),
        ev.BookingFound("C", "rail", (offer(),), (ev.FoundTicket("o", "p", "s", is_live=True),), NOW),
        ev.Ticked(ev.Timer.PAPER, NOW),
        ev.CustomerLeft(),
    ):
        assert decode_event(kind_of(event), encode(event)) == event


def test_what_a_newer_program_wrote_is_refused_by_name() -> None:
    with pytest.raises(UnknownVersionError):
        decode_event("sale.CustomerLeft", b'{"v":2,"data":{}}')
    with pytest.raises(UnknownVersionError):
        decode_event("sale.Teleported", b'{"v":1,"data":{}}')
    with pytest.raises(UnknownVersionError):
        decode_message("teleport:1", b'{"v":1,"data":{}}')
    with pytest.raises(UnreadableError):
        decode_event("sale.OfferChosen", b'{"v":1,"data":{"offer":7}}')
    with pytest.raises(UnreadableError):
        decode_message("book:1", b"\xff")


def test_what_the_system_decides_is_never_put_down_to_a_person() -> None:
    clerk = ev.Actor(ev.ActorKind.CLERK, "7")
    opened = ev.SaleOpened("s", ev.SaleKind.PURCHASE, ev.Channel.COUNTER, clerk, "en", "EUR", NOW, "5e" * 32, TERMS)
    from kiosk.domain.sale.step import step

    sale, _ = step(None, opened)
    assert str(actor_of(sale, ev.SaleAbandoned("customer", NOW))) == "clerk:7"
    assert str(actor_of(sale, ev.SaleAbandoned("idle", NOW))) == "system"
    assert str(actor_of(sale, ev.ReversalDone("r", NOW))) == "system"


def test_sale_ids_are_ordered_by_time_and_seeds_have_256_bits() -> None:
    identities = RandomIdentities()
    sale_id = identities.sale_id()
    assert sale_id[14] == "7"
    assert sale_id[19] in "89ab"
    assert len(bytes.fromhex(identities.seed())) == 32


def test_a_training_clock_goes_on_from_its_own_time() -> None:
    clock = TrainingClock(timedelta(days=100))
    assert clock.now() - datetime.now(UTC) > timedelta(days=99)
    assert clock.mono_ns() <= clock.mono_ns()
