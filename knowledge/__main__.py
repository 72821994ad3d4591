"""`python -m knowledge SITE_DIR --out FILE`: write knowledge.jsonl from a folder of HTML pages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import ConfigError
from knowledge.files import folder_passages, write_passages

EXIT_CONFIG = 78
"""`EX_CONFIG` of sysexits.h."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    parser.add_argument("site", type=Path, help="folder of .html files, as the web server serves it")
    parser.add_argument("--out", type=Path, required=True, help="the knowledge.jsonl to write")
    options = parser.parse_args(arguments)
    try:
        passages = folder_passages(options.site)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_CONFIG
    write_passages(options.out, passages)
    pages = len({passage.url for passage in passages})
    sys.stdout.write(f"{len(passages)} passages of {pages} pages in {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
