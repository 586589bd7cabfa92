"""The shortest wire to the model: it can be cut, and can lose the answer to a write and the look-up after it."""

import httpx

from tests.simulation.pretix_model import PretixModel


class ModelLink(httpx.AsyncBaseTransport):
    """Carry requests to the model at once."""

    def __init__(self, model: PretixModel) -> None:
        self.model = model
        self.is_cut = False
        self.loses = 0

    def set_cut(self, *, is_cut: bool) -> None:
        self.is_cut = is_cut

    def lose_answer(self) -> None:
        """Lose the answer to the next write, and the look-up by which the adapter would find out at once."""
        self.loses = 2

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectError("cut")
        answer = self.model.handle(request)
        is_lost = (self.loses == 2 and request.method != "GET") or self.loses == 1
        if is_lost:
            self.loses -= 1
            raise httpx.ReadTimeout("lost")
        return answer
