"""Whoever types a booking code sees all the keys at once, upright and lying, in usual and larger text."""

import pytest

SIZES = {"upright": {"width": 1080, "height": 1920}, "lying": {"width": 1920, "height": 1080}}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_keys_of_the_pick_up_page_stand_above_the_sill(visit, size):
    async def story(kiosk):
        await kiosk.touch("Touch to begin")
        await kiosk.page("home")
        kiosk.face.go("pickup")
        await kiosk.page("pickup")
        for large in (False, True):
            kiosk.shell.theme(isLarge=large)
            kiosk.shell.window.grabWindow()
            boxes = {each["name"]: each["box"] for each in kiosk.look() if each["kind"] == "touch"}
            assert boxes["M"][1] + boxes["M"][3] < boxes["Back"][1], "the last row of keys lies under the sill"

    visit(story, **size)
