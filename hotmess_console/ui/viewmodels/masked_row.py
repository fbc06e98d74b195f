"""A row of the queue with names and addresses hidden."""

from __future__ import annotations

from hotmess_console.ui.viewmodels.mask import Mask
from hotmess_console.ui.viewmodels.queue_rows import Row


def masked_row(row: Row) -> Row:
    """Return `row` as it may be seen by somebody who looks over a shoulder.

    Without how the text begins: the queue does not know whose name may stand in it.
    """
    hide = Mask("", None, True).text
    return Row(
        **{name: getattr(row, name) for name in Row.__slots__ if name not in {"subject", "snippet"}},
        subject=hide(row.subject), snippet="",
    )  # fmt: skip
