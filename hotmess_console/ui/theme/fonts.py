"""The console's type: bundled families, six steps, figures of equal width, no hinting."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication

from hotmess_console.domain.errors import SetupError
from hotmess_console.ui.theme.resources import resource
from hotmess_console.ui.theme.tokens import FALLBACK_FAMILIES, FAMILY, FONT_FEATURES, TYPE, scale


class _State:
    """What has been loaded, and how large the system wants its words."""

    loaded = False
    factor = 1.0


def load_fonts() -> None:
    """Register the bundled families with Qt, once; raise `SetupError` if a file cannot be read.

    The size of the system's own font is read at the same time, before the console sets its own.
    """
    if _State.loaded:
        return
    for path in sorted(resource("fonts").glob("*.[ot]tf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise SetupError(f"The font {path.name} cannot be read.", hint="Install the console again.")
    if FAMILY not in QFontDatabase.families():
        raise SetupError("The console's fonts are missing.", hint="Install the console again.")
    set_scale(scale(_system_font_px()))
    _State.loaded = True


def _system_font_px() -> float:
    # Offscreen has no desktop whose wish could be read: it invents a font of its own.
    if QGuiApplication.platformName() in {"offscreen", "minimal"}:
        return 13.0
    return float(QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)).pixelSize())


def set_scale(factor: float) -> None:
    """Set the factor of every size; widgets made before keep theirs until the theme is applied again."""
    _State.factor = factor
    _font.cache_clear()


def current_scale() -> float:
    """The factor by which sizes of `tokens` are multiplied."""
    return _State.factor


def px(size: float) -> int:
    """A distance or size of `tokens` in pixels of this desktop."""
    return max(1, round(size * _State.factor)) if size else 0


def font(step: str, weight: int | None = None) -> QFont:
    """The font of one step of `tokens.TYPE`, in that step's weight or in the one given (100–900)."""
    load_fonts()
    return QFont(_font(step, weight or TYPE[step].weight))


def line_height(step: str) -> int:
    """The line height of a step, in pixels."""
    return px(TYPE[step].line)


@lru_cache(maxsize=64)
def _font(step: str, weight: int) -> QFont:
    made = QFont()
    made.setFamilies([FAMILY, *FALLBACK_FAMILIES])
    made.setPixelSize(px(TYPE[step].px))
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    for tag, value in FONT_FEATURES.items():
        made.setFeature(QFont.Tag(tag), value)
    return made
