"""Which page is shown, how Back goes, and when nobody is there any more."""

from kiosk.shells.self_service.idle import Idle
from kiosk.shells.self_service.navigation import Navigation, Page, page_for


def test_back_leads_one_step_back_and_never_off_the_first_page() -> None:
    there = Navigation().to(Page.HOME).to(Page.DEPARTURES).to(Page.RIDERS)
    assert there.back().page is Page.DEPARTURES
    assert there.back().back().back().page is Page.HOME


def test_going_to_a_page_that_lies_behind_goes_back_to_it() -> None:
    there = Navigation().to(Page.HOME).to(Page.DEPARTURES).to(Page.BASKET).to(Page.HOME)
    assert there.trail == (Page.ATTRACT, Page.HOME)


def test_an_overlay_lies_on_top_and_loses_nothing() -> None:
    there = Navigation().to(Page.HOME).to(Page.DEPARTURES).to(Page.LANGUAGES)
    assert page_for(there, None) is Page.LANGUAGES
    assert there.back().page is Page.DEPARTURES


def test_question_comes_first_then_the_wipe_and_a_touch_stops_both() -> None:
    idle = Idle(60.0, 30.0)
    assert not idle.is_question_due(59.0)
    assert idle.is_question_due(60.0)
    idle.ask(60.0)
    assert idle.left_s(70.0) == 20.0
    assert idle.is_wipe_due(90.0)
    idle.touch(80.0)
    assert not idle.is_wipe_due(200.0)
    assert not idle.is_question_due(139.0)
