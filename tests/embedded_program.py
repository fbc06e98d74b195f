"""A small console for fault tests: starts the local server, says who is who, and does as it is told.

Usage: python -m tests.embedded_program FOLDER wait|end|fork
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

from hotmess_console.adapters.store.embedded import EmbeddedPostgres
from tests.clusters import chosen_bin_dir


def main(folder: str, ending: str) -> None:
    running = EmbeddedPostgres(Path(folder), bin_dir=chosen_bin_dir())
    server = running.start()
    record = (Path(folder) / "data" / "postmaster.pid").read_text().splitlines()
    print(json.dumps({"server": int(record[0]), "conninfo": server.conninfo("postgres")}), flush=True)
    if ending == "wait":
        signal.pause()
    if ending == "fork":
        child = os.fork()
        if child == 0:
            sys.exit(0)  # runs the exit handlers that it inherited
        os.waitpid(child, 0)
        time.sleep(0.2)
        print(json.dumps({"running": running.running}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
