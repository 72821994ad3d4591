"""`frontdesk erasures`: a list is saved, and applied to a store that is older than it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.erasing import trace_of_conversation
from core.ids import ConversationId
from core.store_ports import Store
from core.tombstones import as_lines, from_lines
from frontdesk.cli import main
from tests.contracts.builders import NOW
from tests.frontdesk.test_erase_command import DESK, canary, erase, talk, within


def test_that_a_restored_backup_is_told_who_has_gone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk, restored = (tmp_path / name for name in ("desk", "restored"))
    for folder in (desk, restored):
        shutil.copytree(DESK, folder, ignore=shutil.ignore_patterns(".*"))
        within(folder, lambda store: talk(store, canary(7)))
        within(folder, lambda store: talk(store, canary(8)))
    assert erase(desk, "--email", f"{canary(7)}@example.com", "--yes") == 0
    saved = tmp_path / "erasures.jsonl"
    assert main(["erasures", "-c", str(desk), "--out", str(saved)]) == 0
    assert "canary" not in saved.read_text("utf-8")
    # the conversations of these tests begin in a year to come
    saved.write_text(as_lines(dict.fromkeys(from_lines(saved.read_text("utf-8")), NOW + 60.0)), "utf-8")
    capsys.readouterr()
    assert main(["erasures", "-c", str(restored), "--apply", str(saved)]) == 0
    assert "Taken out again: 1 conversations" in capsys.readouterr().out

    async def look(store: Store) -> None:
        assert (await trace_of_conversation(store, ConversationId("web.00007"))).people == ()
        assert (await trace_of_conversation(store, ConversationId("web.00008"))).people != ()

    within(restored, look)


def test_that_a_file_that_is_no_list_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*"))
    assert main(["erasures", "-c", str(desk), "--apply", str(tmp_path / "none")]) == 78
    (tmp_path / "odd").write_text("hello\n")
    assert main(["erasures", "-c", str(desk), "--apply", str(tmp_path / "odd")]) == 78
    assert "line 1" in capsys.readouterr().err
