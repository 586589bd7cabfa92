"""Finding what to buy: the first pages, places, departures, riders, events, slots, seats."""
