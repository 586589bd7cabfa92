"""The programme of the test server, made over REST alone: a series, a seated event, add-ons, two tax rates."""

import json
import sys
from datetime import UTC, datetime, timedelta

import httpx

TOKEN = "seedtokenofthetestserveronloopback000000000000000000000000000000"  # noqa: S105 - of a server on loopback


class Seeder:
    """Ask as the organizer's team does."""

    def __init__(self, url):
        self.http = httpx.Client(
            base_url=f"{url}/api/v1/organizers/guichet", headers={"Authorization": f"Token {TOKEN}"}, timeout=60
        )

    def make(self, path, **body):
        answer = self.http.post(path, json=body)
        if answer.status_code not in {200, 201}:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:400]}")
        return answer.json()

    def change(self, path, **body):
        answer = self.http.patch(path, json=body)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:400]}")
        return answer.json()


def seed(url):
    """Make everything; return the ids that tests count on and a device's initialization token."""
    seeder = Seeder(url)
    seeder.make("/saleschannels/", identifier="api.kiosk", label={"en": "Kiosk"}, type="api")
    device = seeder.make("/devices/", all_events=True, limit_events=[], name="Kiosk 1", security_profile="full")
    day = (datetime.now(UTC) + timedelta(days=7)).replace(hour=10, minute=0, second=0, microsecond=0)
    return {
        "device_token": device["initialization_token"],
        "day": day.date().isoformat(),
        **series(seeder, day),
        **seated(seeder, day),
    }


def event(seeder, slug, name, day, **more):
    seeder.make(
        "/events/", name={"en": name}, slug=slug, live=False, currency="EUR", date_from=day.isoformat(),
        date_to=(day + timedelta(hours=3)).isoformat(), location={"en": "Old Harbour"}, timezone="Europe/Berlin",
        plugins=["pretix.plugins.manualpayment"], **more,
    )  # fmt: skip
    return f"/events/{slug}"


def series(seeder, day):
    root = event(seeder, "museum", "Museum of Light", day, has_subevents=True)
    rates = [
        seeder.make(f"{root}/taxrules/", name={"en": f"{rate} %"}, rate=rate, price_includes_tax=True)["id"]
        for rate in ("7.00", "19.00")
    ]
    tickets = seeder.make(f"{root}/categories/", name={"en": "Tickets"}, description={}, position=0, is_addon=False)[
        "id"
    ]
    extras = seeder.make(f"{root}/categories/", name={"en": "Extras"}, description={}, position=1, is_addon=True)["id"]

    def item(name, price, category, rate, **more):
        return seeder.make(
            f"{root}/items/",
            name={"en": name},
            default_price=price,
            category=category,
            tax_rule=rate,
            active=True,
            **more,
        )["id"]

    adult = item("Adult", "12.00", tickets, rates[0], admission=True)
    child = item("Child", "6.50", tickets, rates[0], admission=True)
    guide = item("Audio guide", "4.90", extras, rates[1], admission=False)
    seeder.make(
        f"{root}/items/{adult}/addons/",
        addon_category=extras,
        min_count=0,
        max_count=1,
        position=0,
        price_included=False,
    )
    hidden = item("Members only", "1.00", tickets, rates[0], admission=True, require_voucher=True)
    workshop = item("Workshop", "15.00", tickets, rates[1], admission=True)
    seeder.make(
        f"{root}/questions/", question={"en": "Your age"}, identifier="AGE", type="N", required=True, items=[workshop],
        position=1,
    )  # fmt: skip
    group = seeder.make(
        f"{root}/discounts/", active=True, internal_name="Group", position=1, all_sales_channels=True,
        limit_sales_channels=[], condition_all_products=False, condition_limit_products=[adult],
        condition_apply_to_addons=False, condition_min_count=3, condition_min_value="0.00",
        benefit_discount_matching_percent="10.00", subevent_mode="same",
    )["id"]  # fmt: skip
    slots = []
    for hour, size in ((10, 20), (12, 3)):
        starts = day.replace(hour=hour)
        slot = seeder.make(
            f"{root}/subevents/", name={"en": f"Entry {hour}"}, active=True, date_from=starts.isoformat(),
            date_to=(starts + timedelta(hours=1)).isoformat(),
            location={"en": "Old Harbour"}, item_price_overrides=[], variation_price_overrides=[], meta_data={},
        )["id"]  # fmt: skip
        seeder.make(
            f"{root}/quotas/",
            name=f"Entry {hour}",
            size=size,
            items=[adult, child, hidden, workshop],
            variations=[],
            subevent=slot,
        )
        seeder.make(f"{root}/quotas/", name="Guides", size=None, items=[guide], variations=[], subevent=slot)
        slots.append(f"museum@{slot}")
    seeder.change(f"{root}/", live=True)
    door = seeder.make(f"{root}/checkinlists/", name="Door", all_products=True, limit_products=[], subevent=None)
    return {
        "door": door["id"],
        "slot_id": slots[0],
        "small_slot_id": slots[1],
        "adult": str(adult),
        "child": str(child),
        "guide": str(guide),
        "hidden": str(hidden),
        "workshop": str(workshop),
        "group": str(group),
    }


def seated(seeder, day):
    rows = [
        {"row_number": str(row), "seats": [
            {"seat_guid": f"{row}-{number}", "seat_number": str(number), "position": {"x": 10 * number, "y": 0},
             "category": "Stalls"}
            for number in range(1, 9)
        ], "position": {"x": 0, "y": 12 * row}} for row in range(1, 4)
    ]  # fmt: skip
    plan = seeder.make("/seatingplans/", name="Hall", layout={
        "name": "Hall", "categories": [{"name": "Stalls", "color": "#7f4a91"}], "size": {"width": 200, "height": 100},
        "zones": [{"name": "Ground", "position": {"x": 0, "y": 0}, "rows": rows, "areas": []}],
    })["id"]  # fmt: skip
    root = event(seeder, "tale", "Winter's Tale", day, has_subevents=False)
    rate = seeder.make(f"{root}/taxrules/", name={"en": "7 %"}, rate="7.00", price_includes_tax=True)["id"]
    stalls = seeder.make(
        f"{root}/items/", name={"en": "Stalls"}, default_price="45.00", tax_rule=rate, active=True, admission=True
    )["id"]
    seeder.make(f"{root}/quotas/", name="Stalls", size=24, items=[stalls], variations=[], subevent=None)
    seeder.change(f"{root}/", seating_plan=plan, seat_category_mapping={"Stalls": stalls}, live=True)
    door = seeder.make(f"{root}/checkinlists/", name="Foyer", all_products=True, limit_products=[], subevent=None)
    return {"foyer": door["id"], "seated_slot_id": "tale@0", "stalls": str(stalls)}


if __name__ == "__main__":
    print(json.dumps(seed(sys.argv[1])))  # noqa: T201
