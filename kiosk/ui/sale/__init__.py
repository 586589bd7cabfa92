"""One sale on the screen: basket, payment, printing, the last page, and what happens when something does not work."""
