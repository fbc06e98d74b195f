"""Distances, sizes, type and motion, and the contrast that each pair of colours must reach."""

from __future__ import annotations

from typing import NamedTuple

from hotmess_console.ui.theme.palettes import DARK, HIGH_CONTRAST, LIGHT, PALETTES, Palette

__all__ = [
    "DARK",
    "FALLBACK_FAMILIES",
    "FAMILY",
    "FONT_FEATURES",
    "HEIGHT",
    "HIGH_CONTRAST",
    "LIGHT",
    "MOTION",
    "PAIRS",
    "PALETTES",
    "RADIUS",
    "SPACE",
    "TYPE",
    "WIDTH",
    "Palette",
    "Step",
    "contrast",
    "required",
    "scale",
]


class Step(NamedTuple):
    """One step of type: size and line height in pixels at a system font of 13 px, weight 100–900."""

    px: int
    weight: int
    line: int


# A grid of 4 px; `hair` stands only between a glyph and its label.
SPACE = {"hair": 2, "xs": 4, "s": 8, "m": 12, "l": 16, "xl": 24, "xxl": 32}
RADIUS = {"key": 3, "chip": 4, "control": 6, "card": 8, "panel": 12, "tile": 18}

TYPE = {
    "display": Step(28, 600, 34),
    "title": Step(17, 600, 24),
    "title_small": Step(15, 600, 22),  # the title below a window width of 1600
    "review": Step(15, 400, 24),  # content under review
    "heading": Step(13, 600, 18),
    "body": Step(13, 400, 20),
    "row": Step(13, 500, 18),
    "small": Step(12, 400, 16),
    "micro": Step(11, 500, 14),  # nothing that is read is smaller
}
FAMILY = "Inter"
FALLBACK_FAMILIES = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans CJK JP",
    "Noto Color Emoji",
)
FONT_FEATURES = {"tnum": 1, "calt": 1}

HEIGHT = {
    "app_bar": 48,
    "sos_strip": 44,
    "banner": 36,
    "filter_bar": 44,
    "status_bar": 28,
    "pane_head": 44,
    "row": 56,
    "row_single": 36,
    "row_section": 30,
    "column_head": 28,
    "control": 28,
    "control_small": 24,
    "control_large": 34,
    "decision": 48,
    "chip": 20,
    "key": 18,
    "avatar": 24,
    "avatar_small": 18,
    "avatar_large": 36,
    "icon": 16,
    "icon_small": 14,
    "decision_bar": 64,
    "focus_ring": 2,
    "clock_bar": 6,
    "scroll_bar": 10,
}
# Pairs are (below 1600, from 1600 upwards), in pixels.
WIDTH = {
    "queue": (456, 760),
    "person": (256, 320),
    "queue_min": (360, 360),
    "rail": (40, 40),
    "detail_min": (480, 480),
    "wide_row_from": (640, 640),
    "measure": (680, 680),
}
# Milliseconds; everything is 0 when the system asks for less motion. Nothing may take longer than 200.
MOTION = {"press": 60, "fade": 120, "panel": 160, "loading_after": 150}

DESIGN_FONT_PX = 13.0
SMALLEST_SCALE = 0.85


def scale(system_font_px: float) -> float:
    """The factor by which every size is multiplied, for the system's own font size in pixels."""
    return max(SMALLEST_SCALE, system_font_px / DESIGN_FONT_PX)


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two ``#RRGGBB`` colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


_PLANES = ("bg", "surface", "card", "raised", "hover", "selected", "marked")
_TINTS = ("gold_tint", "danger_tint", "warn_tint", "ok_tint")
_WORDS_ON = {
    "text": _PLANES,
    "body": (*_PLANES, *_TINTS),
    "muted": (*_PLANES, *_TINTS),
    "gold_text": ("bg", "surface", "card", "raised", "selected", "gold_tint", "slot"),
    "danger_text": (*_PLANES, "danger_tint"),
    "warn_text": (*_PLANES, "warn_tint"),
    "ok_text": ("bg", "surface", "card", "raised", "selected", "ok_tint"),
    "info_text": ("surface", "card", "raised", "info_tint"),
    "on_gold": ("gold", "gold_hover"),
    "on_danger": ("danger_fill",),
}
_EDGES_ON = {
    "focus": ("bg", "surface", "card", "raised", "selected"),
    "control": ("surface", "card", "raised"),
    "danger": ("surface", "card", "selected"),
    "warn": ("surface", "card", "selected"),
    "ok": ("surface", "card", "selected"),
}
PAIRS: tuple[tuple[str, str, str], ...] = tuple(
    (front, plane, kind)
    for kind, table in (("word", _WORDS_ON), ("edge", _EDGES_ON))
    for front, planes in table.items()
    for plane in planes
)
"""(front role, plane role, ``word`` or ``edge``): each pair of colours that meets on screen."""

_REQUIRED = {"word": (4.5, 7.0), "edge": (3.0, 4.5)}


def required(kind: str, palette: Palette) -> float:
    """The contrast that a ``word`` or an ``edge`` must reach in this palette."""
    return _REQUIRED[kind][palette is HIGH_CONTRAST]
