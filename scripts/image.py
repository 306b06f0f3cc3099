"""Build the image without a Docker engine and try it, as root on Debian.

python -m scripts.image                    # debootstrap makes the base; three minutes
python -m scripts.image --base /some/root  # a root file system with Python 3.11 and its venv module
python -m scripts.image --smoke            # only say what is missing for it

buildah takes the Dockerfile's steps on Debian bookworm with Debian's Python, which stands in for
python:3.11-slim-bookworm. What an engine adds (networks, volumes, Compose) is not tried.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.image_trial import Image, try_image

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ("buildah", "debootstrap", "unshare", "chroot")
TAG, BASE_TAG = "localhost/inkloop", "localhost/inkloop-base"
BASE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PACKAGES = "ca-certificates,python3-distutils,python3.11-venv"
NOT_IN_SLIM = ("usr/share/doc", "usr/share/man", "usr/share/locale", "var/cache/apt", "var/lib/apt")


@dataclass(frozen=True)
class Store:
    """Images in a folder of their own, so that the machine's stay as they are."""

    folder: Path

    def buildah(self, *arguments: str) -> str:
        """Run buildah and return what it prints."""
        places = ("--root", str(self.folder / "root"), "--runroot", str(self.folder / "run"))
        return _run("buildah", *places, "--storage-driver=vfs", *arguments)

    def add_base(self, tree: Path) -> None:
        """Make an image of a root file system."""
        container = self.buildah("from", "scratch")
        self.buildah("copy", "--quiet", container, str(tree), "/")
        self.buildah("config", "--env", f"PATH={BASE_PATH}", container)
        self.buildah("commit", "--quiet", container, BASE_TAG)

    def build(self, wheels: Path) -> None:
        """Take the Dockerfile's steps on the base, with packages that were brought along."""
        given = (f"BASE={BASE_TAG}", "PIP_NO_INDEX=1", "PIP_FIND_LINKS=/wheels")
        settings = [part for value in given for part in ("--build-arg", value)]
        self.buildah(
            "build",
            "--isolation=chroot",
            "--format=docker",  # OCI images have no HEALTHCHECK
            f"--volume={wheels}:/wheels:ro",
            *settings,
            f"--tag={TAG}",
            str(ROOT),
        )

    def image(self) -> Image:
        """Return the built image's files and what it says of itself."""
        tree = self.buildah("mount", self.buildah("from", TAG))
        said: dict[str, Any] = json.loads(self.buildah("inspect", "--type=image", TAG))
        return Image(Path(tree), said["Docker"]["config"])


def main(arguments: list[str]) -> int:
    """Parse arguments, build, try, say what was found."""
    options = _parser().parse_args(arguments)
    if missing := _missing():
        print(f"The image was not built: {missing}")
        return int(os.environ.get("REQUIRE_SERVICES") == "1")
    if options.smoke:
        print("Everything is there to build and try the image.")
        return 0
    folder = Path(tempfile.mkdtemp(prefix="inkloop-image-"))
    try:
        base = options.base or debootstrap(folder / "base")
        store = Store(folder)
        store.add_base(base)
        store.build(download(folder / "wheels"))
        return try_image(store.image(), base, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def debootstrap(tree: Path) -> Path:
    """Make the stand-in of python:3.11-slim-bookworm."""
    print("Debian bookworm with Python 3.11, by debootstrap …", flush=True)
    _run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(tree))
    for name in NOT_IN_SLIM:
        shutil.rmtree(tree / name, ignore_errors=True)
    (tree / "usr/local/bin/python").symlink_to("/usr/bin/python3.11")
    return tree


def download(wheels: Path) -> Path:
    """Fetch what serving needs with this machine's pip and its settings."""
    print("what serving needs, by pip …", flush=True)
    requirements = str(ROOT / "requirements-serve.txt")
    _run(sys.executable, "-m", "pip", "download", "-q", "-r", requirements, "-d", str(wheels))
    return wheels


def _missing() -> str | None:
    """Say what this machine lacks."""
    lacking = [name for name in PROGRAMS if not shutil.which(name)]
    if lacking:
        return f"apt-get install {' '.join(lacking)}"
    if os.geteuid() != 0:
        return "it takes root: mounts and users are made"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:  # noqa: S607
        return "this container may not mount; it takes a machine or a privileged container"
    return None


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout.strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.image",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--base", type=Path, help="root file system to build on")
    parser.add_argument("--smoke", action="store_true", help="only say what is missing")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
