"""Ask the server beside this process whether it is ready: `python -m app.probe`.

A container checks its health so: its image has no curl. The status is 0 when it is ready.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException

TIMEOUT_S = 4


def fault(port: int) -> str | None:
    """Return why the server on a port of this machine is not ready, or None."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/ready")
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()
    return None if answer.status == 200 else text


if __name__ == "__main__":
    sys.exit(fault(int(os.environ.get("PORT", "5000"))))
