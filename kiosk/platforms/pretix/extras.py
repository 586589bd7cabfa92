"""Which ticket carries which extra: every extra finds one with room, moving others along where that makes room."""

from kiosk.application.errors import Refused
from kiosk.platforms.pretix.products import ExtraRule, Product

NONE = ExtraRule()


def hosts(units: list[Product]) -> list[int | None]:
    """Return for each unit the index of the ticket that carries it as an extra (None: a ticket itself).

    Raises:
        Refused: bad_request when an extra finds no ticket with room for it, or a ticket lacks a required one.
    """
    tickets = [index for index, unit in enumerate(units) if not unit.shown.is_addon]
    carried = _Carried(units, tickets)
    for index, unit in enumerate(units):
        if unit.shown.is_addon and not carried.place(index, frozenset()):
            raise Refused("bad_request", "an extra without a ticket for it")
    if not tickets or not carried.provide():
        raise Refused("bad_request", "no ticket, or an extra is missing")
    return [carried.host.get(index) for index in range(len(units))]


class _Carried:
    """Extras on their tickets; `host` maps the one's index to the other's."""

    def __init__(self, units: list[Product], tickets: list[int]) -> None:
        self._units = units
        self._tickets = tickets
        self.host: dict[int, int] = {}

    def place(self, extra: int, tried: frozenset[int]) -> bool:
        """Put an extra on a ticket, the one that still needs it first; where none has room, move another along."""
        category = self._units[extra].category
        order = sorted(self._tickets, key=lambda ticket: (not self._lacks(ticket, category), ticket))
        for ticket in order:
            if ticket not in tried and self._has_room(ticket, extra):
                self.host[extra] = ticket
                return True
        for ticket in order:
            if ticket not in tried:
                for other in self._on(ticket, category):
                    del self.host[other]
                    if self._has_room(ticket, extra) and self.place(other, tried | {ticket}):
                        self.host[extra] = ticket
                        return True
                    self.host[other] = ticket
        return False

    def provide(self) -> bool:
        """Move extras to tickets that lack a required one; say whether none lacks any more."""
        for ticket in self._tickets:
            for category in self._units[ticket].extras:
                while self._lacks(ticket, category):
                    spare = next(
                        (each for each in self.host if self._is_spare(each, category) and self._has_room(ticket, each)),
                        None,
                    )
                    if spare is None:
                        return False
                    self.host[spare] = ticket
        return True

    def _rule(self, ticket: int, category: str) -> ExtraRule:
        return self._units[ticket].extras.get(category, NONE)

    def _on(self, ticket: int, category: str) -> list[int]:
        return [
            each for each, host in self.host.items() if host == ticket and self._units[each].category == category
        ]  # fmt: skip

    def _lacks(self, ticket: int, category: str) -> bool:
        return len(self._on(ticket, category)) < self._rule(ticket, category).least

    def _is_spare(self, extra: int, category: str) -> bool:
        host = self.host[extra]
        is_of_it = self._units[extra].category == category
        return is_of_it and len(self._on(host, category)) > self._rule(host, category).least

    def _has_room(self, ticket: int, extra: int) -> bool:
        unit = self._units[extra]
        rule, there = self._rule(ticket, unit.category), self._on(ticket, unit.category)
        is_new = all(self._units[each].shown.id != unit.shown.id for each in there)
        return len(there) < rule.most and (rule.may_repeat or is_new)
