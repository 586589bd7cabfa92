"""ONE purchase, from first touch to last paper: events in, a new sale and effects out.

`events` what can happen · `effects` what must then be done · `tender`, `booking`, `document` one transition table
each · `sale` what owns them and what is derived · `step` the one function that moves a sale · `rules` what must hold.
"""
