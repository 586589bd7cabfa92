"""What every page of counter and bench keeps to, judged on what is seen: nothing cut, hidden, overlapping or faint."""

from collections import Counter
from collections.abc import Iterator

from PySide6.QtGui import QColor, QImage

TARGET_PX = 32.4  # 9 mm at 3.6 px per mm
SLACK_PX = 2.0
WORD_CHARS_MAX = 24  # a longer one is a path or a key, which may break
STRIP_PX = 66  # one line of the tallest script
CONTRAST_MIN = 4.5
LARGE_PX, LARGE_CONTRAST_MIN = 24, 3.0
STEP_PX = 2


def broken_rules(seen: list[dict], picture: QImage) -> list[str]:
    """Return what is wrong with a page shown."""
    words = [each for each in seen if each["kind"] == "words"]
    touchables = [each for each in seen if each["kind"] == "touch"]
    return [
        *_placed(seen, picture.width(), picture.height()),
        *(f"no name: {each['box']}" for each in touchables if not each["name"].strip(" ,")),
        *(f"small: {each['name']!r} {each['box']}" for each in touchables if min(each["box"][2:]) < TARGET_PX),
        *(f"cut: {each['name']!r} {each['need']} in {each['box']}" for each in words if each["isCut"]),
        *(f"broken: {each['name']!r}" for each in words if _is_broken(each)),
        *_overlaps(words),
        *_overlaps(touchables),
        *(told for each in words if (told := _faint(each, picture))),
    ]


def _is_broken(words: dict) -> bool:
    """Say whether a line ends in the middle of a word: there are more lines than words. Chinese has none to count."""
    parts = words["name"].split()
    if any(char > "\u2e7f" for char in words["name"]) or max(map(len, parts)) > WORD_CHARS_MAX:
        return False
    return words["lines"] > len(parts) + words["name"].count("\n")


def _placed(seen: list[dict], width: int, height: int) -> Iterator[str]:
    floor = next((each["box"][1] for each in seen if each["kind"] == "strip"), height)
    if height - floor > STRIP_PX:
        yield f"the strip of hints takes {height - floor:.0f} px: more than one line"
    for each in seen:
        x, y, wide, high = each["box"]
        if x < -SLACK_PX or x + wide > width + SLACK_PX:
            yield f"outside: {each['name']!r} {each['box']}"
        if y < -SLACK_PX or y + high > height + SLACK_PX:
            yield f"below: {each['name']!r} {each['box']}"
        if y < floor - SLACK_PX and y + high > floor + SLACK_PX:
            yield f"behind the strip: {each['name']!r} {each['box']}"


def _overlaps(things: list[dict]) -> Iterator[str]:
    for at, first in enumerate(things):
        for second in things[at + 1 :]:
            (ax, ay, aw, ah), (bx, by, bw, bh) = first["box"], second["box"]
            across, down = min(ax + aw, bx + bw) - max(ax, bx), min(ay + ah, by + bh) - max(ay, by)
            if across > SLACK_PX and down > SLACK_PX:
                yield f"overlap: {first['name']!r} and {second['name']!r} by {across:.0f} × {down:.0f}"


def _faint(words: dict, picture: QImage) -> str:
    """Say where a text stands out too little from what is drawn behind it; the commonest colour there is that."""
    x, y, wide, high = (round(each) for each in words["box"])
    across, down = (
        range(max(x, 0), min(x + wide, picture.width()), STEP_PX),
        range(max(y, 0), min(y + high, picture.height()), STEP_PX),
    )
    behind = Counter(picture.pixel(at_x, at_y) for at_x in across for at_y in down)
    if not behind:
        return ""
    ground = QColor.fromRgb(behind.most_common(1)[0][0])
    got = contrast(QColor(words["color"]), ground)
    least = LARGE_CONTRAST_MIN if words["size"] >= LARGE_PX else CONTRAST_MIN
    return f"faint: {words['name']!r} {got:.1f} on {ground.name()}" if got < least else ""


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast of two colours by WCAG 2."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
