"""What the operator asks of whoever a ticket is for: one question at a time, ticket by ticket."""

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.application.answer_words import fault_word
from kiosk.application.purchaser import with_answers
from kiosk.domain.catalogue import OfferPart, Question, QuestionKind
from kiosk.domain.questions import AnswerFault, fault_of
from kiosk.ui.bridge import clean, rows, shown
from kiosk.ui.catalogue import answering, typed_answer
from kiosk.ui.catalogue.answering import OptionRow
from kiosk.ui.catalogue.places_view_model import LAYOUTS
from kiosk.ui.controls.desk import EVENT_STEPS, Asking, Desk, PageViewModel, steps
from kiosk.ui.controls.frame_view_model import FrameProps

QML_IMPORT_NAME = "kiosk.ui.catalogue"
QML_IMPORT_MAJOR_VERSION = 1
FIGURE_ROWS = ("1 2 3 4 5", "6 7 8 9 0")
SIGN_ROWS = ("1 2 3 4 5", "6 7 8 9 0 - + .")


class QuestionsProps(Struct, frozen=True):
    """The page."""

    whom: str = ""
    question: str = ""
    options: tuple[OptionRow, ...] = ()
    isTyped: bool = False
    typed: str = ""
    keys: tuple[str, ...] = ()
    layouts: tuple[str, ...] = ()
    hint: str = ""
    note: str = ""


@QmlElement
class QuestionsViewModel(PageViewModel):
    """Ask, check and keep the answers of one offer; they lie in the visit, which is wiped with it."""

    changed = Signal()
    whom = shown(changed, str, "whom")
    question = shown(changed, str, "question")
    options = rows("options", OptionRow)
    isTyped = shown(changed, bool, "isTyped")
    typed = shown(changed, str, "typed")
    keys = shown(changed, "QStringList", "keys")
    layouts = shown(changed, "QStringList", "layouts")
    hint = shown(changed, str, "hint")
    note = shown(changed, str, "note")

    def __init__(self, desk: Desk) -> None:
        self._fault: AnswerFault | None = None
        self._layout = 0
        super().__init__(desk)

    # ---- where we are

    def _here(self) -> tuple[Asking, OfferPart, Question] | None:
        asking = self.desk.visit.asking
        every = answering.every(asking) if asking else []
        if asking is None or not 0 <= asking.at < len(every):
            return None
        return (asking, *every[asking.at])

    # ---- what is shown

    def rest(self) -> None:
        """Take back what was said of an answer: whoever comes back begins without a reproach."""
        self._fault = None

    def leave(self) -> None:
        """Take back what was said of an answer: the next one to see the page gave none."""
        self.rest()

    def derive(self) -> QuestionsProps:
        """Return the page."""
        here = self._here()
        if here is None:
            return QuestionsProps()
        asking, part, question = here
        desk, tag = self.desk, self.desk.speech.tag
        name = part.product_name.text(tag)
        at, count = answering.place(asking, part)
        numbered = desk.say("{ticket}, {number} of {count}", ticket=name, number=at, count=count)
        is_typed = typed_answer.is_typed(question)
        others = tuple(name for at, (name, _) in enumerate(LAYOUTS) if at != self._layout)
        is_text = is_typed and question.kind not in typed_answer.FIGURES
        return QuestionsProps(
            whom=numbered if count > 1 else name, question=question.text.text(tag),
            options=() if is_typed else answering.options(question, answering.kept(*here), desk.say, tag),
            isTyped=is_typed, typed=typed_answer.shown(question, asking.typed),
            keys=LAYOUTS[self._layout][1] if is_text else _figures(question), layouts=others if is_text else (),
            hint=self._hint(question), note=self._note(question),
        )  # fmt: skip

    def _note(self, question: Question) -> str:
        return self.desk.tell(fault_word(question, self._fault)) if self._fault else ""

    def _hint(self, question: Question) -> str:
        say = self.desk.say
        if question.kind is QuestionKind.COUNTRY:
            return say("Two letters, such as DE.")
        if question.kind is QuestionKind.SOME_OF:
            return say("Choose as many as you like.")
        return "" if question.is_required else say("You may leave this out.")

    def frame(self) -> FrameProps:
        """Return the frame."""
        here, say = self._here(), self.desk.say
        asking = self.desk.visit.asking
        is_last = asking is not None and asking.at + 1 >= len(answering.every(asking))
        total = self.desk.money(asking.offer.price) if asking else ""
        return FrameProps(
            steps=steps(self.desk, EVENT_STEPS), step=2, back=say("Back"), total=total,
            line=say("Only the organizer sees it"), wayOn=say("To basket") if is_last else say("Continue"),
            isWayOnOn=here is not None,
        )  # fmt: skip

    # ---- what people do

    @Slot(int)
    def choose(self, index: int) -> None:
        """Choose an answer; of some, add or take it away."""
        here = self._here()
        if here is None:
            return
        asking, part, question = here
        answering.keep(asking, part, question, answering.chosen(question, answering.kept(*here), index))
        self._fault = None
        self._show()

    @Slot(str)
    def type(self, text: str) -> None:
        """Take typed letters or figures."""
        here = self._here()
        if here and typed_answer.is_typed(here[2]):
            here[0].typed = typed_answer.more(here[2], here[0].typed, clean(text, 1))
            self._fault = None
            self._show()

    @Slot()
    def erase(self) -> None:
        """Take the last one back."""
        if self.desk.visit.asking:
            self.desk.visit.asking.typed = self.desk.visit.asking.typed[:-1]
            self._show()

    @Slot(int)
    def chooseLayout(self, index: int) -> None:
        """Show other letters."""
        self._layout = [at for at in range(len(LAYOUTS)) if at != self._layout][index]
        self._show()

    def go_on(self) -> None:
        """Keep the answer if it will do, and go to the next question, or into the basket."""
        here = self._here()
        if here is None:
            return
        asking, part, question = here
        value = answering.kept(asking, part, question)
        if typed_answer.is_typed(question):
            value = typed_answer.value(question, asking.typed, asking.offer.occurrence.zone)
        self._fault = fault_of(question, value)
        if self._fault is None:
            answering.keep(asking, part, question, value)
            self._move(asking, 1)
            if asking.at >= len(answering.every(asking)):
                self._finish(asking)
                return
        self._show()

    def go_back(self) -> None:
        """Go to the question before, or to the choice."""
        asking = self.desk.visit.asking
        self._fault = None
        if asking is None or asking.at == 0:
            self.desk.visit.asking = None
            self.went.emit("back")
            return
        self._move(asking, -1)
        self._show()

    def _move(self, asking: Asking, by: int) -> None:
        asking.at += by
        self._layout, here = 0, self._here()
        asking.typed = typed_answer.again(here[2], answering.kept(*here)) if here else ""

    def _finish(self, asking: Asking) -> None:
        visit = self.desk.visit
        visit.purchaser = with_answers(visit.purchaser, asking.offer, asking.questions, asking.values)
        self.desk.put_in(asking.offer)
        self.desk.terminal.till.name_purchaser(visit.sale_id, visit.purchaser)
        visit.asking = None
        self.went.emit("basket")

    def _show(self) -> None:
        self.refresh()
        self.changed.emit()


def _figures(question: Question) -> tuple[str, ...]:
    return SIGN_ROWS if question.kind in typed_answer.SIGNS else FIGURE_ROWS
