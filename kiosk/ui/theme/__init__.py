"""The look: one QML singleton, `Theme`, holds every colour, size and motion of every face.

QML reads it as `import kiosk.ui.theme` and `Theme.ink`, `Theme.px(24)`, `Theme.textSize`. A face sets a few switches
on it (`scheme`, `isLarge`, `isLow`, `isLandscape`, `isCounter`, `scale`, `isRtl`, `hasCjk`, `signalColour`); no other
file holds a colour or a size of text.
"""

from kiosk.ui.theme.signal_colour import SignalColour, signal_colour

__all__ = ["SignalColour", "signal_colour"]
