"""The operator's hands on the museum of the real server."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.pretix.seeding import TOKEN


class Operator:
    """Change the museum's catalogue as its team does."""

    def __init__(self, stage: Any) -> None:
        self.stage = stage
        root, headers = f"{stage.server.url}/api/v1/organizers/guichet", {"Authorization": f"Token {TOKEN}"}
        self.http = httpx.Client(base_url=root, headers=headers, timeout=60)

    def do(self, method: str, path: str, **body: Any) -> Any:
        answer = self.http.request(method, f"/events/museum/{path}", json=body or None)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def slots(self, day: datetime, count: int) -> list[int]:
        """Make slots with room for adults."""
        found = []
        for number in range(count):
            starts = day + timedelta(minutes=30 * number)
            slot = self.do(
                "POST", "subevents/", name={"en": f"Extra {number}"}, active=True, date_from=starts.isoformat(),
                date_to=(starts + timedelta(hours=1)).isoformat(), item_price_overrides=[],
                variation_price_overrides=[], meta_data={},
            )["id"]  # fmt: skip
            self.do("POST", "quotas/", name="Extra", size=9, items=[int(self.stage.facts["adult"])], variations=[],
                    subevent=slot)  # fmt: skip
            found.append(slot)
        return found

    def seen(self) -> tuple[Any, int]:
        """Return the museum as it is read now, and the number of questions that took."""
        before = len(self.stage.wire.sent)
        snapshot = self.stage.run(self.stage.platform.refresh())
        return snapshot.events["museum"], len(self.stage.wire.sent) - before

    def voucher(self, code: str, **terms: Any) -> int:
        """Make a voucher of one use, unless told otherwise."""
        body = {"code": code, "max_usages": 1, "price_mode": "none", "value": None, **terms}
        return int(self.do("POST", "vouchers/", **body)["id"])
