"""Write the wheel of the controller alone: `pickup.protocol` and `pickup.controller`, without the server and without Django.

Usage: python scripts/controller_wheel.py FOLDER

The same sources give the same bytes. A bank's computer installs it with
`pip install --require-hashes -r requirements-controller.lock` and `pip install --no-deps halles_controller-*.whl`.
"""

import base64
import hashlib
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("pickup/protocol", "pickup/controller")
NAME = "halles_controller"
LEFT_OUT = {"__pycache__"}
WHEN = (1980, 1, 1, 0, 0, 0)


def main(arguments: list[str]) -> int:
    """Write the wheel and print where it is."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    print(write(Path(arguments[0])))
    return 0


def write(folder: Path) -> Path:
    """Write the wheel into `folder` and return its path."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    about = f"{NAME}-{version}.dist-info"
    content = {path: (ROOT / path).read_bytes() for path in files()}
    content |= {f"{about}/{name}": text.encode() for name, text in descriptions(version).items()}
    content[f"{about}/RECORD"] = record(content, f"{about}/RECORD").encode()
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{NAME}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, raw in content.items():
            entry = zipfile.ZipInfo(path, WHEN)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, raw)
    return wheel


def files() -> list[str]:
    """Return the paths of everything that a bank needs: code, pages, words."""
    found = [path for part in PARTS for path in (ROOT / part).rglob("*") if path.is_file()]
    named = [path.relative_to(ROOT) for path in found if not LEFT_OUT & set(path.parts)]
    return sorted(["pickup/__init__.py", *(path.as_posix() for path in named)])


def descriptions(version: str) -> dict[str, str]:
    """Return what a wheel says about itself (PEP 427, PEP 566)."""
    needs = (ROOT / "requirements-controller.in").read_text(encoding="utf-8").split()
    metadata = ["Metadata-Version: 2.1", f"Name: {NAME.replace('_', '-')}", f"Version: {version}"]
    metadata += ["Summary: The program on a locker bank's own computer.", "Requires-Python: >=3.11"]
    metadata += [f"Requires-Dist: {need}" for need in needs]
    return {
        "METADATA": "\n".join(metadata) + "\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: halles\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "entry_points.txt": "[console_scripts]\nhalles-controller = pickup.controller.__main__:main\n",
        "top_level.txt": "pickup\n",
    }


def record(content: dict[str, bytes], itself: str) -> str:
    """Return the list of files with their hashes."""
    rows = []
    for path, raw in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(raw)}")
    return "\n".join([*rows, f"{itself},,"]) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
