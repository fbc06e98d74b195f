"""The three palettes: every colour of the console, by the part it plays."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#RRGGBB``, named by role; a widget asks for a role and never for a value."""

    name: str
    # Planes, from the back to the front.
    bg: str
    surface: str
    card: str
    raised: str
    hover: str
    selected: str
    marked: str
    scrim: str
    # Lines: `line` decorates, `line_strong` frames what floats, `control` frames what can be used.
    line: str
    line_strong: str
    control: str
    # Words.
    text: str
    body: str
    muted: str
    on_gold: str
    on_danger: str
    # Gold: `gold` is a fill under words, `focus` is gold as a line.
    gold: str
    focus: str
    gold_hover: str
    gold_text: str
    gold_tint: str
    slot: str
    # Danger is SOS and what cannot be undone; warn is lateness and trouble; ok is done.
    danger: str
    danger_fill: str
    danger_text: str
    danger_tint: str
    warn: str
    warn_text: str
    warn_tint: str
    ok: str
    ok_text: str
    ok_tint: str
    info_text: str
    info_tint: str
    # Not roles but what goes with them.
    scrim_alpha: int
    avatars: tuple[str, ...]


_FACES = ("#3D5A80", "#5B4A87", "#2F6F73", "#7A4A63", "#4F6146", "#5F5F66")
"""Hues of avatars, far from gold, red, amber and green: a face must never read as a state."""

DARK = Palette(
    name="dark",
    bg="#050507",
    surface="#0D0D0D",
    card="#1C1C1E",
    raised="#202023",
    hover="#141416",
    selected="#1E190F",
    marked="#17150F",
    scrim="#000000",
    line="#1D1D20",
    line_strong="#303034",
    control="#6E6E73",
    text="#FFFFFF",
    body="#D8D8DC",
    muted="#8E8E93",
    on_gold="#050507",
    on_danger="#FFFFFF",
    gold="#C8962C",
    focus="#C8962C",
    gold_hover="#D4A84B",
    gold_text="#D4A84B",
    gold_tint="#1C170C",
    slot="#352B16",
    danger="#FF3B30",
    danger_fill="#D42A20",
    danger_text="#FF6961",
    danger_tint="#2A100E",
    warn="#FF9F0A",
    warn_text="#FF9F0A",
    warn_tint="#271A07",
    ok="#30D158",
    ok_text="#30D158",
    ok_tint="#0C2212",
    info_text="#8AB4F8",
    info_tint="#101A29",
    scrim_alpha=168,
    avatars=_FACES,
)

LIGHT = Palette(
    name="light",
    bg="#EBEBEE",
    surface="#FFFFFF",
    card="#F3F3F5",
    raised="#FFFFFF",
    hover="#F6F6F8",
    selected="#FBF3E0",
    marked="#FDF9EE",
    scrim="#1C1C1E",
    line="#E6E6EA",
    line_strong="#D2D2D7",
    control="#85858B",
    text="#0B0B0D",
    body="#2A2A2E",
    muted="#5F5F66",
    on_gold="#050507",
    on_danger="#FFFFFF",
    gold="#C8962C",
    focus="#9C7014",
    gold_hover="#B98720",
    gold_text="#765409",
    gold_tint="#FBF3E0",
    slot="#F7E8C4",
    danger="#D92D20",
    danger_fill="#C9241A",
    danger_text="#B3170C",
    danger_tint="#FDECEA",
    warn="#B86A00",
    warn_text="#85500A",
    warn_tint="#FFF1DC",
    ok="#1F8A42",
    ok_text="#1A6B33",
    ok_tint="#E4F5E9",
    info_text="#1B57B5",
    info_tint="#E8F0FD",
    scrim_alpha=96,
    avatars=_FACES,
)

HIGH_CONTRAST = Palette(
    name="high contrast",
    bg="#000000",
    surface="#000000",
    card="#0A0A0A",
    raised="#0A0A0A",
    hover="#1A1A1A",
    selected="#2B2000",
    marked="#1A1400",
    scrim="#000000",
    line="#7A7A80",
    line_strong="#B8B8BE",
    control="#FFFFFF",
    text="#FFFFFF",
    body="#FFFFFF",
    muted="#D6D6DB",
    on_gold="#000000",
    on_danger="#FFFFFF",
    gold="#FFC94D",
    focus="#FFC94D",
    gold_hover="#FFD978",
    gold_text="#FFC94D",
    gold_tint="#1F1700",
    slot="#332700",
    danger="#FF6B61",
    danger_fill="#B00E04",
    danger_text="#FF9A93",
    danger_tint="#2B0704",
    warn="#FFB340",
    warn_text="#FFB340",
    warn_tint="#261800",
    ok="#4BE374",
    ok_text="#4BE374",
    ok_tint="#04220D",
    info_text="#A9CBFF",
    info_tint="#08172E",
    scrim_alpha=205,
    avatars=("#234B80", "#4A2F8C", "#0E5A5F", "#7A2F57", "#3A5429", "#4A4A50"),
)

PALETTES = {palette.name: palette for palette in (DARK, LIGHT, HIGH_CONTRAST)}
