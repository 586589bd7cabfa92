"""What every page of the kiosk keeps to, judged on what is visible."""

import asyncio
from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface

LOOKS = (
    ("en", {"scheme": "light", "isLarge": False}),
    ("zh", {"scheme": "light", "isLarge": False}),
    ("ar", {"scheme": "dark", "isLarge": False}),
    ("de", {"scheme": "contrast", "isLarge": True}),
)
USUAL = {"scheme": "light", "isLarge": False, "isLow": False}
TARGET_PX = 80  # 20 mm at 4 px per mm
GAP_PX = 15.5  # 4 mm, rounding of half a pixel allowed
INTERACTIVE = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.Graphic,
}


def interfaces(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield interface
    for at in range(interface.childCount()):
        child = interface.child(at)
        if child is not None:
            yield from interfaces(child)


def broken_rules(kiosk) -> list[str]:
    """Return what is wrong with the page shown."""
    seen = kiosk.look()
    touchables = [each for each in seen if each["kind"] == "touch"]
    width = kiosk.shell.window.width()
    found = [f"no name: {each['box']}" for each in touchables if not each["name"].strip(" ,")]
    for each in touchables:
        x, _, wide, high = each["box"]
        if wide < TARGET_PX or high < TARGET_PX:
            found.append(f"small: {each['name']!r} {wide:.0f}×{high:.0f}")
        if x < 0 or x + wide > width:
            found.append(f"outside: {each['name']!r}")
    root = QAccessible.queryAccessibleInterface(kiosk.shell.window)
    found += [
        f"unnamed {each.role()}"
        for each in interfaces(root)
        if each.role() in INTERACTIVE and not each.state().invisible and not each.text(QAccessible.Text.Name).strip()
    ]
    found += [
        f"cut: {each['name']!r} {each['need']} in {each['box']}"
        for each in seen
        if each["kind"] == "words" and each["isCut"]
    ]
    found += [
        f"outside: {each['name']!r} {each['box']}"
        for each in seen
        if each["kind"] == "words" and (each["box"][0] < -2 or each["box"][0] + each["need"][0] > width + 2)
    ]
    return found + close_pairs([each for each in touchables if each["isOn"]])


def close_pairs(touchables: list[dict]) -> list[str]:
    """Return pairs of targets that lie nearer than 4 mm; overlapping ones lie one behind the sill's edge."""
    found = []
    for at, first in enumerate(touchables):
        for second in touchables[at + 1 :]:
            (ax, ay, aw, ah), (bx, by, bw, bh) = first["box"], second["box"]
            gap = max(ax - bx - bw, bx - ax - aw, ay - by - bh, by - ay - ah)
            if 0 <= gap < GAP_PX:
                found.append(f"close: {first['name']!r} and {second['name']!r} {gap:.0f}")
    return found


async def judge(kiosk, name):
    """Look at a page in every language and look."""
    findings = []
    for language, look in LOOKS:
        kiosk.shell.theme(**USUAL)
        kiosk.shell.theme(**look)
        kiosk.shell.speech.choose(language)
        await asyncio.sleep(0.03)
        kiosk.shell.window.grabWindow()
        await asyncio.sleep(0.01)
        kiosk.picture(f"{name}-{language}-{look['scheme']}")
        findings += [f"{name} {language}: {each}" for each in broken_rules(kiosk)]
    kiosk.shell.theme(**USUAL)
    kiosk.shell.speech.choose("en")
    await asyncio.sleep(0.03)
    assert not findings, "\n".join(findings)
