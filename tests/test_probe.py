"""What a container asks for its health."""

import os
import subprocess
import sys

from app.probe import fault

from .servers import ROOT, Server, free_port


def test_a_ready_server_has_no_fault(live_server: Server) -> None:
    assert fault(live_server.port) is None


def test_a_closed_port_is_a_fault() -> None:
    assert "refused" in str(fault(free_port()))


def test_the_command_ends_with_a_status(live_server: Server) -> None:
    def status(port: int) -> int:
        command = [sys.executable, "-m", "app.probe"]
        environment = os.environ | {"PORT": str(port)}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True).returncode

    assert status(live_server.port) == 0
    assert status(free_port()) == 1
