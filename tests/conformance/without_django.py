"""Starts the controller where nothing of the web site can be imported: `without_django.py CONFIG`."""

import runpy
import sys
from pathlib import Path

BLOCKED = {"django", "oscar", "wagtail", "shops", "cms", "marketplace", "segno"}


class Nothing:
    """An import hook that finds nothing where the web site's packages would be."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ImportError(f"{name} is not installed on a locker")


if __name__ == "__main__":
    sys.meta_path.insert(0, Nothing())
    sys.path[0] = str(Path(__file__).parents[2])
    sys.argv = ["pickup.controller", "--config", sys.argv[1]]
    runpy.run_module("pickup.controller", run_name="__main__")
