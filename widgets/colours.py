"""The colours of the pictures that Python makes: those of static/shared/base.css, in the light."""

from __future__ import annotations

TEXT, SOFT = "#1b1b1f", "#5c5f66"
BOX, RAISED, LINE = "#ffffff", "#f5f6f8", "#c9ccd3"
FORWARD, FORWARD_TINT = "#0b57b0", "#e6f0fc"
BACK, BACK_TINT = "#a33b00", "#fff0e4"
BAD, ON_BAD = "#b00020", "#ffffff"
