"""Search places while typing: the beginning of any word first, then inside words, then what was perhaps meant.

Built once when the catalogue opens. Answers to one and two letters, where lists are longest, are ready; longer
prefixes are a search in a sorted list.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from kiosk.domain.catalogue import PlaceHit, PlaceKind
from kiosk.platforms.embedded.folding import fold, fold_with_origins, is_word_start
from kiosk.platforms.embedded.timetable import StoredPlace

QUERY_CHARS_MAX = 60
READY_CHARS = 2
READY_HITS = 50
NEAR_CANDIDATES_MAX = 40
NEAR_MIN_CHARS = 3
INSIDE_MIN_CHARS = 2
END = "\U0010ffff"


class _Key(Struct, frozen=True):
    """One folded name of a place."""

    text: str
    place: int


class PlaceIndex:
    """Find places by any of their names."""

    def __init__(self, places: Iterable[StoredPlace], *, hidden: str = "", popular: tuple[str, ...] = ()) -> None:
        self._places = tuple(places)
        # Stations before stops, busy before quiet, then by name: the order of every list of hits.
        order = sorted(
            self._places,
            key=lambda each: (each.place.kind is not PlaceKind.STATION, -each.rank, each.place.name.default),
        )
        self._order = {each.number: index for index, each in enumerate(order)}
        self._by_number = {each.number: each for each in self._places}
        self._keys = [_Key(text, each.number) for each in self._places for text in _names(each)]
        starts = [
            (key.text[index:], key.place)
            for key in self._keys
            for index in range(len(key.text))
            if is_word_start(key.text, index)
        ]
        self._starts = sorted(set(starts))
        self._whole = "\n".join(key.text for key in self._keys)
        self._line_starts = _line_starts(self._keys)
        self._ready = self._ready_answers()
        self._words, self._grams = self._near_words()
        by_id = {each.place.id: each for each in self._places}
        chosen = [by_id[place_id] for place_id in popular if place_id in by_id]
        rest = [each for each in order if each not in chosen]
        self._popular = [each for each in (*chosen, *rest) if each.place.id != hidden]

    def search(self, text: str, language: str, limit: int) -> tuple[PlaceHit, ...]:
        """Return hits, best first; an empty text gives the popular places."""
        query = fold(text[:QUERY_CHARS_MAX])
        if not query:
            return tuple(_hit(each, "", language) for each in self._popular[:limit]) if not text.strip() else ()
        numbers = self._with_prefix(query)
        if len(numbers) < limit and len(query) >= INSIDE_MIN_CHARS:
            known = set(numbers)
            numbers = [*numbers, *self._sorted(each for each in self._inside(query) if each not in known)]
        if numbers:
            return tuple(_hit(self._by_number[each], query, language) for each in numbers[:limit])
        return tuple(_hit(self._by_number[each], "", language, is_near=True) for each in self._near(query)[:limit])

    def _sorted(self, numbers: Iterable[int]) -> list[int]:
        return sorted(numbers, key=self._order.__getitem__)

    def _with_prefix(self, query: str) -> list[int]:
        if query in self._ready:
            return self._ready[query]
        found = set(self._range(query))
        words = query.split(" ")
        if not found and len(words) > 1:
            found = set.intersection(*(set(self._range(word)) for word in words))
        return self._sorted(found)

    def _range(self, prefix: str) -> Iterator[int]:
        first = bisect_left(self._starts, (prefix,))
        last = bisect_left(self._starts, (prefix + END,))
        return (place for _, place in self._starts[first:last])

    def _ready_answers(self) -> dict[str, list[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for text, place in self._starts:
            for length in range(1, READY_CHARS + 1):
                if len(text) >= length and not text[:length].endswith(" "):
                    found[text[:length]].add(place)
        return {prefix: self._sorted(numbers)[:READY_HITS] for prefix, numbers in found.items()}

    def _inside(self, query: str) -> set[int]:
        found: set[int] = set()
        index = self._whole.find(query)
        while index >= 0 and len(found) < READY_HITS:
            line = bisect_left(self._line_starts, index + 1) - 1
            found.add(self._keys[line].place)
            index = self._whole.find(query, index + 1)
        return found

    def _near_words(self) -> tuple[dict[str, set[int]], dict[str, set[str]]]:
        words: dict[str, set[int]] = defaultdict(set)
        for key in self._keys:
            for word in (*key.text.split(" "), key.text):
                if len(word) >= NEAR_MIN_CHARS:
                    words[word].add(key.place)
        grams: dict[str, set[str]] = defaultdict(set)
        for word in words:
            for gram in _bigrams(word):
                grams[gram].add(word)
        return words, grams

    def _near(self, query: str) -> list[int]:
        """Return places with a word at most two letters off (one for short words)."""
        if len(query) < NEAR_MIN_CHARS:
            return []
        shared: dict[str, int] = defaultdict(int)
        for gram in _bigrams(query):
            for word in self._grams.get(gram, ()):
                shared[word] += 1
        best = sorted(shared, key=lambda word: (-shared[word], abs(len(word) - len(query)), word))[:NEAR_CANDIDATES_MAX]
        off_max = 1 if len(query) <= 4 else 2  # noqa: PLR2004 - two slips in four letters is another word
        scored = sorted((off, word) for word in best if (off := _letters_off(query, word)) <= off_max)
        return list(dict.fromkeys(place for _, word in scored for place in self._sorted(self._words[word])))


def _names(stored: StoredPlace) -> tuple[str, ...]:
    name = stored.place.name
    return tuple(dict.fromkeys(fold(each) for each in (name.default, *(text for _, text in name.others))))


def _line_starts(keys: list[_Key]) -> list[int]:
    starts, position = [], 0
    for key in keys:
        starts.append(position)
        position += len(key.text) + 1
    return starts


def _bigrams(word: str) -> set[str]:
    padded = f"^{word}$"
    return {padded[index : index + 2] for index in range(len(padded) - 1)}


def _letters_off(one: str, other: str) -> int:
    """Return the edit distance with neighbours swapped counted once, `other` cut to a prefix of similar length."""
    other = other[: len(one) + 2]
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        line = [row]
        for column, right in enumerate(other, 1):
            cost = min(above[column] + 1, line[column - 1] + 1, above[column - 1] + (left != right))
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == right:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, above = above, line
    return min(above[-1], *above[len(one) :]) if len(other) > len(one) else above[-1]


def _hit(stored: StoredPlace, query: str, language: str, *, is_near: bool = False) -> PlaceHit:
    shown = stored.place.name.text(language)
    return PlaceHit(stored.place, shown, _match(shown, query), is_near)


def _match(shown: str, query: str) -> tuple[int, int]:
    """Return the slice of the shown name that matches, at a word's start where there is one; (0, 0) for none."""
    folded, origins = fold_with_origins(shown)
    places = [index for index in range(len(folded)) if query and folded.startswith(query, index)]
    if not places:
        return (0, 0)
    index = next((each for each in places if is_word_start(folded, each)), places[0])
    end = index + len(query)
    return origins[index], origins[end] if end < len(origins) else len(shown)
