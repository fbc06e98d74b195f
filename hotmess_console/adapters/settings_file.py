"""Keeps a person's preferences in one JSON file that they may read, copy to another machine and mend by hand."""

from __future__ import annotations

import os
from pathlib import Path

from hotmess_console.domain.errors import BadInput, SetupError
from hotmess_console.services.preferences import Kept, Preferences, from_text, to_text

LARGEST = 1_000_000
"""Bytes; a real file is a thousand times smaller, so more than this is something else."""


def settings_path() -> Path:
    """Return where this person's settings lie."""
    import platformdirs

    return platformdirs.user_config_path("hotmess-console", appauthor=False) / "settings.json"


class SettingsFile:
    """A `PreferenceStore` in one file. A file that cannot be used is set aside under another name, never lost."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or settings_path()
        self._must_not_overwrite = False

    def load(self) -> Kept:
        """Return what the file says, or the defaults with a word on what was wrong."""
        try:
            return Kept(from_text(self._read()))
        except FileNotFoundError:
            return Kept(Preferences())
        except OSError as error:
            self._must_not_overwrite = True
            return Kept(
                Preferences(),
                f"Your settings could not be read ({error.strerror or error}), so the usual ones are in force.",
                f"Check that you may read {self.path}, then start the console again.",
            )
        except BadInput as why:
            return self._set_aside(str(why))

    def save(self, preferences: Preferences) -> None:
        """Write the file whole or not at all. Raises SetupError."""
        if self._must_not_overwrite:
            raise SetupError(
                "Your settings were not saved, because the file that is there could not be read.",
                hint=f"Move {self.path} away or make it readable, then start the console again.",
            )
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._replace(to_text(preferences))
        except OSError as error:
            raise SetupError(
                f"Your settings could not be saved ({error.strerror or error}); they hold until you close the console.",
                hint=f"Check that there is room and that you may write to {self.path.parent}.",
            ) from error

    def _read(self) -> str:
        with self.path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise BadInput("it is too large to be a settings file")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput("it is not text") from error

    def _replace(self, text: str) -> None:
        from tempfile import NamedTemporaryFile  # a start only reads

        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=self.path.parent, prefix=".settings-", suffix=".json", delete=False
        ) as file:
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise
        os.replace(file.name, self.path)

    def _set_aside(self, why: str) -> Kept:
        aside = self._free_name()
        try:
            self.path.rename(aside)
        except OSError as error:
            self._must_not_overwrite = True
            return Kept(
                Preferences(),
                f"Your settings file cannot be used ({why}) and could not be set aside ({error.strerror or error}).",
                f"Move {self.path} away yourself; until then changes hold until you close the console.",
            )
        return Kept(
            Preferences(),
            f"Your settings file cannot be used ({why}), so the usual settings are in force.",
            f"Nothing is lost: it was kept as {aside.name} in the same folder.",
        )

    def _free_name(self) -> Path:
        from datetime import UTC, datetime

        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        tries = (f"settings-set-aside-{stamp}{'' if not n else f'-{n}'}.json" for n in range(1_000_000))
        return next(path for path in map(self.path.with_name, tries) if not path.exists())
