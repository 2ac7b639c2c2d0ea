"""`make lint`: style, templates, import contracts, complete translations, no missing migration, clean lock files."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

from tests import services

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def run(*command, **environment) -> list[str]:
    """The output of a failing command, as one finding; nothing when it succeeds."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, **environment})
    return [] if result.returncode == 0 else [(result.stdout + result.stderr).strip()[-6000:]]


def translations() -> list[str]:
    """Each French entry is there, not fuzzy, with the placeholders of its source; the catalogue knows all sources."""
    findings = []
    path = ROOT / "marketplace/locale/fr/LC_MESSAGES/django.po"
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        if entry.obsolete:
            continue
        texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
        if entry.fuzzy or not all(texts):
            findings.append(f"{path.name}: “{entry.msgid}” is missing or fuzzy")
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
        findings += [
            f"{path.name}: “{entry.msgid}” has other placeholders than its translation"
            for text in texts
            if text and not set(PLACEHOLDER.findall(text)) <= wanted
        ]
    known = {entry.msgid for entry in catalogue if not entry.obsolete}
    with tempfile.TemporaryDirectory() as folder:
        findings += [
            f"{path.name}: “{source}” is used but not in the catalogue; run make messages"
            for source in sorted(sources(Path(folder)) - known)
        ]
    return findings


def sources(folder: Path) -> set[str]:
    """Every msgid that xgettext finds in the code and the templates."""
    copy = folder / "fr" / "LC_MESSAGES"
    copy.mkdir(parents=True)
    command = [
        sys.executable,
        "manage.py",
        "makemessages",
        "-l",
        "fr",
        "--no-location",
        "--no-obsolete",
        "--ignore",
        ".venv/*",
        "--ignore",
        "tests/*",
        "--ignore",
        "var/*",
    ]
    original = ROOT / "marketplace/locale/fr/LC_MESSAGES/django.po"
    kept = original.read_bytes()
    try:
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        return {entry.msgid for entry in polib.pofile(str(original))}
    finally:
        original.write_bytes(kept)


def lock_files() -> list[str]:
    """No package index address in a lock file; every requirement has its hash."""
    findings = []
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        if re.search(r"https?://", text):
            findings.append(f"{lock.name} holds an address")
        findings += [f"{lock.name}: {line} has no hash" for line in re.findall(r"^\S+==[^\\\n]*$", text, re.MULTILINE)]
    return findings


def tracked_text() -> list[str]:
    """No inline script, style or event handler in a template of ours, and no third-party host."""
    findings = []
    for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]:
        if "mail" in path.parts:
            continue  # mails have no stylesheet: inline style is the only way
        text = path.read_text()
        for pattern, what in [
            (r"<style\b|\sstyle=", "inline style"),
            (r"<script(?![^>]*\b(src=|type=\"application/(ld\+)?json\"))", "inline script"),
            (r"\son\w+=", "event handler"),
            (r"(?:src|href)=\"https?://", "third-party host"),
        ]:
            if re.search(pattern, text):
                findings.append(f"{path.relative_to(ROOT)}: {what}")
    return findings


CHECKS = {
    "ruff check": lambda: run(BIN / "ruff", "check", "."),
    "ruff format": lambda: run(BIN / "ruff", "format", "--check", "."),
    "djlint": lambda: run(BIN / "djlint", "templates", "--lint", "--quiet"),
    "import contracts": lambda: run(BIN / "lint-imports"),
    "missing migrations": lambda: run(
        sys.executable,
        "manage.py",
        "makemigrations",
        "--check",
        "--dry-run",
        "foundation",
        "accounts",
        "marketplace_checkout",
        "marketplace_search",
        "shops",
        "pickup",
        "cms",
        "payments_fake",
    ),
    "system checks": lambda: run(sys.executable, "manage.py", "check", "--fail-level", "WARNING"),
    "translations": translations,
    "lock files": lock_files,
    "templates": tracked_text,
}


def main() -> int:
    services.provide()
    failed = 0
    for name, check in CHECKS.items():
        findings = check()
        print(f"[halles] {name}: {'ok' if not findings else 'NOT ok'}", flush=True)
        for finding in findings:
            print(f"  {finding}")
        failed += bool(findings)
    return 1 if failed else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.setdefault("HALLES_VAR", scratch)
        sys.exit(main())
