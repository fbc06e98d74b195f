"""Every pair of colours that meets on screen can be read, in each palette."""

from __future__ import annotations

import dataclasses
import re

import pytest

from hotmess_console.ui.theme.tokens import (
    HIGH_CONTRAST,
    MOTION,
    PAIRS,
    PALETTES,
    SPACE,
    TYPE,
    Palette,
    contrast,
    required,
    scale,
)

pytestmark = pytest.mark.foundation
EACH_PALETTE = pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))


def short(palette: Palette) -> list[str]:
    measured = [(p, contrast(getattr(palette, p[0]), getattr(palette, p[1]))) for p in PAIRS]
    return [f"{p}: {got:.2f}" for p, got in measured if got < required(p[2], palette)]


@EACH_PALETTE
def test_each_pair_reaches_its_contrast(palette: Palette) -> None:
    assert short(palette) == []


@EACH_PALETTE
def test_a_colour_that_is_too_faint_is_reported(palette: Palette) -> None:
    assert short(dataclasses.replace(palette, muted=palette.card)) != []


@EACH_PALETTE
def test_white_initials_can_be_read_on_each_face(palette: Palette) -> None:
    assert min(contrast("#FFFFFF", hue) for hue in palette.avatars) >= 4.5


@EACH_PALETTE
def test_colours_are_written_in_full(palette: Palette) -> None:
    colours = [v for k, v in dataclasses.asdict(palette).items() if k not in {"name", "scrim_alpha", "avatars"}]
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in colours)


def test_contrast_of_black_and_white_is_twenty_one_whichever_comes_first() -> None:
    assert contrast("#000000", "#FFFFFF") == contrast("#FFFFFF", "#000000") == pytest.approx(21.0)


def test_high_contrast_asks_for_seven_to_one() -> None:
    assert required("word", HIGH_CONTRAST) == 7.0


def test_sizes_follow_the_system_font_but_never_shrink_out_of_sight() -> None:
    assert (scale(13), scale(26), scale(4)) == (1.0, 2.0, 0.85)


def test_nothing_that_is_read_is_smaller_than_eleven_pixels() -> None:
    assert min(step.px for step in TYPE.values()) == 11


def test_nothing_moves_for_longer_than_a_fifth_of_a_second() -> None:
    assert max(MOTION.values()) <= 200


def test_distances_stand_on_a_grid_of_four() -> None:
    assert [size for name, size in SPACE.items() if name != "hair" and size % 4] == []
