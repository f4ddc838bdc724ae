"""A process that attaches to an embedded PostgreSQL, for tests that need several.

Arguments: the data directory; then, each optional, `uid=N` to drop root's rights first and
`bin_dir=PATH`. It prints `attached URL` or `refused TEXT`, obeys the lines `fork` and `detach`, and
ends at the end of its input without detaching.
"""

import os
import sys
import time
from pathlib import Path

import psycopg

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.storage.embedded import EmbeddedPostgres


def main() -> None:
    data_dir, *more = sys.argv[1:]
    options = dict(word.split("=", 1) for word in more)
    if "uid" in options:
        os.setgroups([])
        os.setgid(int(options["uid"]))
        os.setuid(int(options["uid"]))
    bin_dir = Path(options["bin_dir"]) if "bin_dir" in options else None
    server = EmbeddedPostgres(Path(data_dir), bin_dir=bin_dir)
    try:
        url = server.attach()
    except StorageUnavailable as error:
        print("refused", error, flush=True)
        return
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("SELECT 1")
    print("attached", url, flush=True)
    for line in sys.stdin:
        if line == "fork\n":
            if os.fork() == 0:
                # The child tells, when what a fork has to do in it is done.
                print(os.getpid(), flush=True)
                time.sleep(60)
                os._exit(0)
        else:
            server.detach()
            print("detached", flush=True)


if __name__ == "__main__":
    main()
