"""The questions of the organizer in pane 2: all tickets on one page, answered by keys, before anything is paid."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.catalogue import Offer, Question, QuestionKind
from kiosk.domain.questions import CHARS_MAX, AnswerFault, fault_of
from kiosk.shells.box_office.asking_rows import KEYS, AskRow, ChoiceRow, Entry, ask_row, choice_rows
from kiosk.ui.bridge import Rows, clean
from kiosk.ui.catalogue import answering, typed_answer
from kiosk.ui.controls.desk import Asking
from kiosk.ui.controls.staff_words import StaffWords

QML_IMPORT_NAME = "kiosk.shells.box_office"
QML_IMPORT_MAJOR_VERSION = 1
Asks = tuple[str, str, str]  # offer, part, question


@QmlElement
class AskingViewModel(QObject):
    """Ask, check and keep the answers of what is being sold; they are forgotten with the customer."""

    changed = Signal()
    answered = Signal(object)  # the Askings, every answer of which will do

    def __init__(self, words: StaffWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._askings: tuple[Asking, ...] = ()
        self.is_off = False
        self._given: dict[tuple[str, int], dict[str, str]] = {}  # by product and which of its tickets
        self._typed: dict[Asks, str] = {}
        self._faults: dict[Asks, AnswerFault] = {}
        self._at = self._cursor = 0
        self._rows = Rows(AskRow, self)
        self._choices = Rows(ChoiceRow, self)

    @property
    def is_open(self) -> bool:
        """Say whether something is being asked."""
        return bool(self._askings)

    @property
    def is_typing(self) -> bool:
        """Say whether letters and figures belong to the field."""
        here = self._here()
        return here is not None and typed_answer.is_typed(here[2])

    def list_rows(self) -> tuple[object, ...]:
        """Return the questions shown."""
        return self._rows.rows

    def list_choices(self) -> tuple[object, ...]:
        """Return the answers to choose from."""
        return self._choices.rows

    # ---- beginning and ending

    def wants(self, offers: Iterable[Offer], questions: Mapping[str, tuple[Question, ...]]) -> bool:
        """Say whether these offers ask anything; tickets that become others were asked when they were sold."""
        return not self.is_off and any(questions.get(part.product_id) for offer in offers for part in offer.parts)

    def begin(self, offers: tuple[Offer, ...], questions: Mapping[str, tuple[Question, ...]]) -> None:
        """Ask what these offers ask; what was answered before for the same tickets stands there already."""
        self._askings = tuple(Asking(offer, dict(questions)) for offer in offers)
        for asking in self._askings:
            for part in asking.offer.parts:
                before = self._given.get((part.product_id, answering.place(asking, part)[0]))
                if before:
                    asking.values[part.id] = dict(before)
        self._typed, self._faults, self._at, self._cursor = {}, {}, 0, 0
        self._show()

    def close(self) -> None:
        """Go back to the choice; what was answered is kept for this customer."""
        for asking in self._askings:
            for part in asking.offer.parts:
                self._given[part.product_id, answering.place(asking, part)[0]] = asking.values.get(part.id, {})
        self._askings = ()
        self._show()

    def forget(self) -> None:
        """Keep nothing of the customer."""
        self._askings, self._given, self._typed, self._faults = (), {}, {}, {}
        self._show()

    # ---- what the clerk does

    def move(self, steps: int) -> None:
        """Go to another question; what is typed here is kept and judged."""
        self._judge()
        self._at, self._cursor = min(max(self._at + steps, 0), max(0, len(self._entries()) - 1)), 0
        self._show()

    @Slot(int)
    def go(self, index: int) -> None:
        """Go to a question."""
        self.move(index - self._at)

    @Slot(int)
    def choose(self, index: int) -> None:
        """Choose an answer; of some, add or take it away."""
        here = self._here()
        if here is None or not 0 <= index < len(answering.ids(here[2])):
            return
        self._cursor = index
        answering.keep(*here, answering.chosen(here[2], answering.kept(*here), index))
        self._faults.pop(_name(here), None)
        self._show()

    def choose_key(self, text: str) -> None:
        """Choose the answer of a key."""
        self.choose(KEYS.find(text.upper()) if text else -1)

    def step(self, steps: int) -> None:
        """Choose the next answer of one that can be given; of some, go to the next one."""
        here = self._here()
        count = len(answering.ids(here[2])) if here is not None else 0
        if here is None or not count:
            return
        if here[2].kind is QuestionKind.SOME_OF:
            self._cursor = min(max(self._cursor + steps, 0), count - 1)
            self._show()
            return
        known, value = answering.ids(here[2]), answering.kept(*here)
        self.choose(min(max(known.index(value) + steps, 0), count - 1) if value in known else 0)

    def toggle(self) -> None:
        """Take or leave the answer one stands on."""
        here = self._here()
        if here is not None and here[2].kind is QuestionKind.SOME_OF:
            self.choose(self._cursor)

    @Slot()
    def clear(self) -> None:
        """Leave the question without an answer."""
        here = self._here()
        if here is not None:
            self._typed.pop(_name(here), None)
            self._faults.pop(_name(here), None)
            answering.keep(*here, "")
            self._show()

    @Slot(str)
    def setText(self, text: str) -> None:
        """Take what stands in the field."""
        here = self._here()
        if here is not None and typed_answer.is_typed(here[2]):
            self._typed[_name(here)] = clean(text, CHARS_MAX + 1)
            self._faults.pop(_name(here), None)
            self._show()

    @Slot()
    def enter(self) -> None:
        """Keep the answer and go to the next question; behind the last one, to the first that will not do, or on."""
        if self._judge():
            self._show()
            return
        if self._at + 1 < len(self._entries()):
            self.move(1)
            return
        self.finish()

    @Slot()
    def finish(self) -> None:
        """Go on to the sale, or to the first question whose answer will not do; a second touch finds nothing asked."""
        if not self._askings:
            return
        self._judge()
        for at, entry in enumerate(self._entries()):
            fault = fault_of(entry[2], answering.kept(*entry))
            if fault is not None:
                self._faults[_name(entry)] = fault
                self._at, self._cursor = at, 0
                self._show()
                return
        done = self._askings
        self.forget()
        self.answered.emit(done)

    # ---- inside

    def _entries(self) -> list[Entry]:
        return [
            (asking, part, question) for asking in self._askings for part, question in answering.every(asking)
        ]  # fmt: skip

    def _here(self) -> Entry | None:
        entries = self._entries()
        return entries[min(self._at, len(entries) - 1)] if entries else None

    def _judge(self) -> bool:
        """Keep what is typed at the current question, and say whether it will not do."""
        here = self._here()
        if here is None:
            return False
        name, question = _name(here), here[2]
        if typed_answer.is_typed(question) and name in self._typed:
            zone = here[0].offer.occurrence.zone
            answering.keep(*here, typed_answer.written(question, self._typed[name], zone))
        fault = fault_of(question, answering.kept(*here))
        if fault is None:
            self._faults.pop(name, None)
            self._typed.pop(name, None)
            return False
        self._faults[name] = fault
        return True

    def _field(self) -> str:
        here = self._here()
        if here is None or not typed_answer.is_typed(here[2]):
            return ""
        kept = answering.kept(*here)
        shown = typed_answer.shown(here[2], typed_answer.again(here[2], kept)) if kept else ""
        return self._typed.get(_name(here), shown)

    def _show(self) -> None:
        entries, here = self._entries(), self._here()
        self._at = min(self._at, max(0, len(entries) - 1))
        begins = [at == 0 or entries[at - 1][1].id != entry[1].id for at, entry in enumerate(entries)]
        self._rows.show(tuple(
            ask_row(self._words, entry, begins=begins[at], at=at == self._at, fault=self._faults.get(_name(entry)))
            for at, entry in enumerate(entries)
        ))  # fmt: skip
        is_chosen = here is not None and not typed_answer.is_typed(here[2])
        self._choices.show(choice_rows(self._words, here, self._cursor) if here is not None and is_chosen else ())
        self.changed.emit()

    def _way(self) -> str:
        if self._at + 1 < len(self._entries()):
            return self._words.say("Next question")
        prices = [asking.offer.price for asking in self._askings]
        if not prices:
            return ""
        price = self._words.amount(sum(prices[1:], prices[0]))
        return self._words.say("To sale, {price}", price=price)

    isOpen = Property(bool, lambda self: self.is_open, notify=changed)
    at = Property(int, lambda self: self._at, notify=changed)
    field = Property(str, _field, notify=changed)
    way = Property(str, _way, notify=changed)
    rows = Property(QObject, lambda self: self._rows, constant=True)
    choices = Property(QObject, lambda self: self._choices, constant=True)


def _name(entry: Entry) -> Asks:
    asking, part, question = entry
    return asking.offer.id, part.id, question.id
