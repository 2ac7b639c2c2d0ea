"""Compile the translation catalogues (.po to .mo) with Python alone, so that no gettext need be installed."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_all() -> int:
    """Write each .mo that is older than its .po; returns how many were written."""
    written = 0
    for source in (ROOT / "marketplace" / "locale").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            written += 1
    return written


if __name__ == "__main__":
    compile_all()
