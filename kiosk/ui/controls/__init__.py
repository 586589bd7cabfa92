"""The controls every face is built from; QML imports them as `import kiosk.ui.controls`.

Words (text), PlainButton, WayOn, ChoiceTile, ListRow, Stepper, Tag, LineTag, StateMark, Note, Rule, Icon, Bars,
Keyboard, Heading, Lintel, Steps, Sill, AccessBar, Frame, PageBody, Field, ClockFace. All that is touched has `word`
(its text) and `label` (its accessible name where there is no word), a focus ring, a pressed and an off state;
`reason` says why it is off.
"""
