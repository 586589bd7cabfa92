"""The order of characters on a line: the Unicode bidirectional algorithm (UAX 9) without explicit embeddings.

Explicit controls never reach here (`text.clean` drops them), so the rules X1 to X10 have nothing to do. W2 is left out
on purpose: prices, times and codes in European digits stay left to right as units in Arabic text too (LOOK.md §5).
Brackets are mirrored by the shaper, which is told the direction of each unit.
"""

import unicodedata
from collections.abc import Sequence

_NEUTRAL = frozenset({"B", "S", "WS", "ON", "BN"})


def is_right_to_left(text: str) -> bool | None:
    """Return the direction of the first strong character; None where there is none (P2, P3)."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind == "L":
            return False
        if kind in {"R", "AL"}:
            return True
    return None


def levels(text: str, *, is_rtl: bool) -> list[int]:
    """Return the embedding level of each character; odd ones run right to left."""
    base = int(is_rtl)
    if not is_rtl and text.isascii():
        return [0] * len(text)
    kinds = _weak([unicodedata.bidirectional(char) for char in text], "R" if is_rtl else "L")
    kinds = _neutral(kinds, "R" if is_rtl else "L")
    return [_level(kind, base) for kind in kinds]


def visual_order(line_levels: Sequence[int]) -> list[int]:
    """Return indices in the order they stand from left to right (L2)."""
    order = list(range(len(line_levels)))
    if not any(line_levels):
        return order
    for level in range(max(line_levels), 0, -1):
        start = 0
        while start < len(order):
            if line_levels[order[start]] < level:
                start += 1
                continue
            end = start
            while end < len(order) and line_levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end
    return order


def _level(kind: str, base: int) -> int:
    """Apply I1 and I2."""
    if kind == "L":
        return base + base % 2
    if kind == "R":
        return base + 1 - base % 2
    return base + 2 - base % 2  # EN, AN


def _weak(kinds: list[str], base: str) -> list[str]:
    """Apply W1 and W3 to W7."""
    for index, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[index] = kinds[index - 1] if index else base
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for index in range(1, len(kinds) - 1):
        before, kind, after = kinds[index - 1 : index + 2]
        if before == after and ((kind == "ES" and before == "EN") or (kind == "CS" and before in {"EN", "AN"})):
            kinds[index] = before
    _terminators(kinds)
    strong = base
    for index, kind in enumerate(kinds):
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"
    return kinds


def _terminators(kinds: list[str]) -> None:
    """Apply W5 and W6 in place: signs beside a number belong to it."""
    start = 0
    while start < len(kinds):
        end = start
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        if end > start:
            beside = {kinds[start - 1] if start else "", kinds[end] if end < len(kinds) else ""}
            kinds[start:end] = ["EN" if "EN" in beside else "ON"] * (end - start)
        start = max(end, start + 1)
    for index, kind in enumerate(kinds):
        if kind in {"ES", "CS"}:
            kinds[index] = "ON"


def _neutral(kinds: list[str], base: str) -> list[str]:
    """Apply N1 and N2: what stands between takes the direction of its neighbours, else of the paragraph."""
    start = 0
    while start < len(kinds):
        end = start
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        if end > start:
            before = _side(kinds[start - 1]) if start else base
            after = _side(kinds[end]) if end < len(kinds) else base
            kinds[start:end] = [before if before == after else base] * (end - start)
        start = max(end, start + 1)
    return kinds


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"
