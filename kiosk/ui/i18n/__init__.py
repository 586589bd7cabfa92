"""Every text in the traveller's language: one catalogue per language, keyed by the English text.

QML says `qsTr("Where would you like to go?")`, Python `speech.say("{count} trains", count=3)`; texts the domain names
by key (`hold.sold_out`) stand in the catalogue under "@hold.sold_out", in English too. A text with a plural is a table
of CLDR categories, chosen by `n`: qsTr("%n ticket(s)", "", n) or say("%n ticket(s)", n=n). Words that stand in tables
are `Word`s there and told by `speech.tell(TABLE[key])`. Switching is live: `speech.choose("zh")`.
"""

from kiosk.ui.i18n.speech import LANGUAGES, Language, Speech

__all__ = ["LANGUAGES", "Language", "Speech"]
