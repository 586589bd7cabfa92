"""From frozen values to Qt: view-models with one `changed` signal, row models, tasks whose errors surface.

A view-model keeps one frozen `Props` dataclass and shows its fields:

    @QmlElement
    class BasketViewModel(ViewModel):
        changed = Signal()                     # in each class: Qt finds no notify signal of a base
        title = shown(changed, str, "title")   # reads self.props.title
        lines = rows("lines", BasketLine)      # a list model; the roles are the fields of the row dataclass

    self.show(Props(...))                      # compares, then notifies once

QML reads `model.title` and gives `model.lines` to a ListView or Repeater whose delegate names the roles as typed
required properties. Names that QML reads are camelCase.
"""

import asyncio
import unicodedata
from collections.abc import Coroutine, Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import (
    Property,
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Signal,
    SignalInstance,
)

TEXT_CHARS_MAX = 64
Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
DISPLAY_ROLE, USER_ROLE = 0, 0x100  # of Qt.ItemDataRole; to name it makes all the enums of Qt


class Rows(QAbstractListModel):
    """Show a tuple of frozen rows as a list; rows are updated in place, so that focus stays where it is."""

    def __init__(self, row_type: type[Struct], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names = list(row_type.__struct_fields__)
        self._rows: tuple[object, ...] = ()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = DISPLAY_ROLE) -> object:
        """Return one field of one row."""
        at = role - USER_ROLE
        if not index.isValid() or not 0 <= at < len(self._names) or index.row() >= len(self._rows):
            return None
        return getattr(self._rows[index.row()], self._names[at])

    def roleNames(self) -> dict[int, QByteArray]:
        """Return the field names as roles."""
        return {USER_ROLE + at: QByteArray(name.encode()) for at, name in enumerate(self._names)}

    @property
    def rows(self) -> tuple[object, ...]:
        """Return the rows as shown."""
        return self._rows

    def show(self, new: Sequence[object]) -> None:
        """Show other rows: change what differs, then add or remove at the end."""
        old, new = self._rows, tuple(new)
        kept = min(len(old), len(new))
        if len(new) < len(old):
            self.beginRemoveRows(NO_PARENT, len(new), len(old) - 1)
            self._rows = old[:kept]
            self.endRemoveRows()
        changed = [at for at in range(kept) if old[at] != new[at]]
        self._rows = new[:kept]
        for at in changed:
            self.dataChanged.emit(self.index(at), self.index(at))
        if len(new) > kept:
            self.beginInsertRows(NO_PARENT, kept, len(new) - 1)
            self._rows = new
            self.endInsertRows()


class ViewModel(QObject):
    """Show one frozen value to QML; `changed`, declared by each subclass, says that any of it changed."""

    changed: SignalInstance

    def __init__(self, props: object, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._props = props
        self._lists: dict[str, Rows] = {}
        for name, row_type in self._row_types().items():
            self._lists[name] = Rows(row_type, self)
        self._fill()

    @classmethod
    def _row_types(cls) -> dict[str, type[Struct]]:
        merged: dict[str, type[Struct]] = {}
        for each in reversed(cls.__mro__):
            merged.update(
                {value.name: value.row_type for value in vars(each).values() if isinstance(value, RowsProperty)}
            )
        return merged

    def list_of(self, name: str) -> Rows:
        """Return the list model behind a field."""
        return self._lists[name]

    @property
    def props(self) -> Any:
        """Return the value shown now; subclasses narrow it."""
        return self._props

    def show(self, props: object) -> None:
        """Show another value; an equal one changes nothing."""
        if props == self._props:
            return
        self._props = props
        self._fill()
        self.changed.emit()

    def _fill(self) -> None:
        for name, model in self._lists.items():
            model.show(getattr(self._props, name))


class RowsProperty(Property):
    """A read-only property that holds the list model of a field."""

    def __init__(self, name: str, row_type: type[Struct]) -> None:
        super().__init__(QObject, lambda self: self.list_of(name), constant=True)
        self.name = name
        self.row_type = row_type


def rows(name: str, row_type: type[Struct]) -> RowsProperty:
    """Return a property that shows a field holding rows as a list model."""
    return RowsProperty(name, row_type)


def shown(changed: Signal, kind: type | str, name: str) -> Property:
    """Return a read-only property that shows a field of the props."""
    return Property(kind, lambda self: _plain(getattr(self.props, name)), notify=changed)  # type: ignore[arg-type]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


class Tasks:
    """Own what a face awaits: nothing is forgotten, an unforeseen error reaches the loop's handler.

    `latest` replaces what runs under the same name: the last question asked is the one whose answer counts.
    """

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}
        self._count = 0

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside everything else."""
        self._count += 1
        self.latest(f"#{self._count}", work)

    def latest(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Run, and cancel what ran under this name before."""
        earlier = self._running.pop(name, None)
        if earlier:
            earlier.cancel()
        task = asyncio.get_running_loop().create_task(work)
        self._running[name] = task
        task.add_done_callback(lambda done: self._ended(name, done))

    @property
    def is_idle(self) -> bool:
        """Say whether nothing is awaited."""
        return not self._running

    def stop(self) -> None:
        """Cancel all."""
        for task in tuple(self._running.values()):
            task.cancel()

    async def close(self) -> None:
        """Cancel all and wait until it has ended."""
        running = tuple(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, name: str, task: "asyncio.Task[None]") -> None:
        if self._running.get(name) is task:
            del self._running[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            context = {"message": f"a face's task ended with {error!r}", "exception": error, "task": task}
            task.get_loop().call_exception_handler(context)


def clean(text: str, chars_max: int = TEXT_CHARS_MAX) -> str:
    """Return typed or scanned text as it may be shown: no control, format or private characters, bounded."""
    kept = (each for each in text if unicodedata.category(each)[0] != "C")
    return "".join(kept)[:chars_max]
