"""Words of ours that people read, where they stand in tables: in English here, in every language in the language files.

Only a literal becomes a `Word`. A test collects each `Word("…")` as it collects each say("…") and qsTr("…"), and proves
it present in every language; the checker proves that nothing else is told to anyone.
"""

from typing import NewType

Word = NewType("Word", str)
