"""Where the local database lies unless told otherwise; apart from the rest, because a start asks before it paints."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

ROOT_FOLDER = Path("/var/lib/hotmess-console/postgres")


def default_folder() -> Path:
    """Where the data lies unless told otherwise: a place that `nobody` can reach when we are root."""
    if sys.platform != "win32" and os.geteuid() == 0:
        return ROOT_FOLDER
    return platformdirs.user_state_path("hotmess-console", appauthor=False) / "postgres"
