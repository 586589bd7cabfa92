"""What follows the first page: a fault in it is told while the face serves, not when it is stopped."""

import asyncio

import pytest

from kiosk.bootstrap.read_ahead import read_ahead


class Broken:
    """A face one of whose pages cannot be made."""

    async def make_ready(self) -> None:
        raise ImportError("no such page")


class Plain:
    """A face that makes all its pages at once."""


def test_a_page_that_cannot_be_made_is_logged_at_once_and_the_face_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.run(read_ahead(Plain()))
    assert caplog.records == []
    asyncio.run(read_ahead(Broken()))
    (told,) = caplog.records
    assert told.exc_info is not None
    assert "no such page" in str(told.exc_info[1])
