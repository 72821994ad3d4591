"""The documentation as a site: every key of every file is in it, every page can be reached, no link is dead."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.reference import reference_page
from config.schema import schemas
from frontdesk.cli import main
from frontdesk.desk import ROOM_FILES, channel_kinds

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SCHEMAS = schemas(files=ROOM_FILES, channels={name: kind.settings for name, kind in channel_kinds().items()})
ZENSICAL = Path(sys.executable).with_name("zensical")


def sections(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield from (one for one in schema.get("$defs", {}).values() if "properties" in one)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_reference_of_a_file_explains_each_of_its_keys(name: str) -> None:
    schema = SCHEMAS[name]
    rows: dict[str, dict[str, tuple[str, str]]] = {}
    for line in reference_page(name, schema).splitlines():
        if line.startswith(("# ", "## ")):
            rows = {**rows, line.lstrip("# "): {}}
        elif line.startswith("| `"):
            key, told, values = (cell.strip() for cell in line.strip("|").split(" | "))
            rows[list(rows)[-1]][key.strip("`")] = (told, values)
    expected = [list(one["properties"]) for one in sections(schema)]
    assert sorted(list(keys) for keys in rows.values()) == sorted(expected)
    cells = [(key, *told) for keys in rows.values() for key, told in keys.items()]
    assert [key for key, what, values in cells if not what or not values] == []
    assert [key for key, _, values in cells if "e.g." not in values] == []


def test_the_reference_says_what_a_key_takes() -> None:
    page = reference_page("channels/web.yaml", SCHEMAS["channels/web.yaml"])
    row = next(line for line in page.splitlines() if line.startswith("| `most_invitations_per_visit`"))
    assert "a whole number, 0 to 20" in row
    assert "default `2`" in row
    assert "[Limits](#limits)" in page
    assert "\n## Limits\n" in page


def test_the_command_writes_the_reference_of_all_files_or_of_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", "--reference", str(tmp_path / "all")]) == 0
    assert len(list((tmp_path / "all").glob("*.md"))) == len(SCHEMAS) == len(capsys.readouterr().out.splitlines())
    assert main(["schema", "offers.yaml", "--reference", str(tmp_path / "one")]) == 0
    assert [page.name for page in (tmp_path / "one").iterdir()] == ["offers.md"]


def test_where_the_reference_cannot_be_written_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file")
    assert main(["schema", "--reference", str(tmp_path / "taken")]) == 78
    assert str(tmp_path / "taken") in capsys.readouterr().err


def pages_of(entry: object) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, list):
        yield from (page for one in entry for page in pages_of(one))
    elif isinstance(entry, dict):
        yield from pages_of(list(entry.values()))


def test_every_page_stands_in_the_navigation() -> None:
    project = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    written = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if "reference" not in page.parts}
    reference = {f"reference/{Path(name).stem}.md" for name in SCHEMAS}
    listed = list(pages_of(project["nav"]))
    assert len(listed) == len(set(listed))
    assert set(listed) == {page for page in written if not page.startswith("adr/")} | reference


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    if not ZENSICAL.exists():
        if os.environ.get("FRONTDESK_REQUIRE_ALL") == "1":
            pytest.fail("zensical is not installed")
        pytest.skip("zensical is not installed")
    shutil.copytree(DOCS, tmp_path / "docs", ignore=shutil.ignore_patterns("reference"))
    shutil.copy(ROOT / "zensical.toml", tmp_path)
    assert main(["schema", "--reference", str(tmp_path / "docs" / "reference")]) == 0
    built = subprocess.run(
        [str(ZENSICAL), "build", "--strict"], cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert "most_invitations_per_visit" in (tmp_path / "dist/docs/reference/web.html").read_text(encoding="utf-8")
