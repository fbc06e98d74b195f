"""Compares what was painted with the picture that was looked at and approved."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.test_queue_pictures import GOLDENS, SHARE_TOLERANCE, share_that_differs


def picture_of(part: QWidget) -> QImage:
    for _ in range(3):
        QApplication.processEvents()
    return part.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def assert_as_approved(painted: QImage, name: str, tmp_path: Path) -> None:
    golden = GOLDENS / name
    if os.environ.get("UPDATE_GOLDENS") == "1":
        assert painted.save(str(golden))
    painted.save(str(tmp_path / name))
    approved = QImage(str(golden)).convertToFormat(QImage.Format.Format_RGB32)
    assert share_that_differs(painted, approved) <= SHARE_TOLERANCE, f"compare {tmp_path / name}"
