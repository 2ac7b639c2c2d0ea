"""Make the virtual environment from a lock file: with uv when it is there, else with pip. Needs nothing but Python.

Usage: python3 scripts/environment.py LOCK STAMP
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


def say(text: str) -> None:
    print(f"[halles] {text}", flush=True)


def make_venv() -> None:
    """Create `.venv` unless it stands; explains what Debian lacks when it cannot."""
    if (VENV / "bin" / "python").exists():
        return
    say("creating the virtual environment .venv")
    if shutil.which("uv"):
        subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, str(VENV)], check=True)
        return
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SystemExit(
            f"[halles] Python cannot make virtual environments here ({(made.stderr or made.stdout).strip()[:200]}).\n"
            "[halles] On Debian: apt install python3-venv, then run the same command again."
        )


def install(lock: Path) -> None:
    """Install exactly what the lock names, hashes checked."""
    say(f"installing {lock.name} (the first time takes a minute or two)")
    python = str(VENV / "bin" / "python")
    if shutil.which("uv"):
        command = ["uv", "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", str(lock)]
    else:
        command = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(lock),
        ]
    subprocess.run(command, check=True)


def main() -> None:
    if sys.version_info < (3, 11):
        raise SystemExit(f"[halles] Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    lock, stamp = ROOT / sys.argv[1], ROOT / sys.argv[2]
    make_venv()
    install(lock)
    stamp.touch()


if __name__ == "__main__":
    main()
