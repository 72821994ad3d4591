"""What lies in the folder, and what should: missing, misnamed and impossible files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from config import ConfigErrors, HandoffSettings, Inspection, Section, Severity, inspect, load

Lines = Callable[..., list[str]]


def test_a_valid_folder_becomes_a_desk(check: Callable[..., Inspection], desk: Path) -> None:
    inspection = check({"menu.yaml": "dishes: [soup]\n"})
    found = inspection.desk
    assert inspection.problems == ()
    assert found is not None
    assert found.settings.company.name == "Fernlight"
    assert [persona.id for persona in found.personas] == ["saas_startup"]
    assert list(found.channels) == ["front"]
    assert set(found.sources) == {"frontdesk.yaml", "personas.yaml", "handoff.yaml", "menu.yaml", "channels/front.yaml"}
    assert found.sources["menu.yaml"].path == desk / "menu.yaml"
    assert found.locate("knowledge.jsonl") == desk / "knowledge.jsonl"


def test_a_broken_channel_is_an_error_and_the_desk_is_there_without_it(
    check: Callable[..., Inspection], desk: Path
) -> None:
    for broken in ("kind: pigeon\nloft: [\n", "kind: bat\n", "kind: parlour\nnonsense: 1\n"):
        found = check({"channels/second.yaml": broken})
        assert [problem.file for problem in found.errors] == [str(desk / "channels/second.yaml")] * len(found.errors)
        assert found.errors
        assert found.desk is not None
        assert list(found.desk.channels) == ["front"]
    with pytest.raises(ConfigErrors):
        load(desk, environment={"TOKEN": "x" * 40}, channels={})
    assert check({"channels/second.yaml": "kind: bat\n", "frontdesk.yaml": "company: 7\n"}).desk is None


def test_files_of_other_rooms_are_optional_and_typed(check: Callable[..., Inspection]) -> None:
    class Menu(Section):
        dishes: tuple[str, ...]

    without = check().desk
    assert without is not None
    assert without.file_of("menu.yaml", Menu) is None
    found = check({"menu.yaml": "dishes: [soup]\n"}).desk
    assert found is not None
    with pytest.raises(TypeError, match="not as HandoffSettings"):
        found.file_of("menu.yaml", HandoffSettings)


@pytest.mark.parametrize(("written", "drinks"), [("tea", ("tea",)), ("[tea, water]", ("tea", "water"))])
@pytest.mark.parametrize(("price", "meant"), [("7", 7), ("'7'", "7"), ("7.5", 7.5), ("free", "free")])
def test_other_rooms_models_keep_their_shorthands(
    check: Callable[..., Inspection], written: str, drinks: tuple[str, ...], price: str, meant: object
) -> None:
    found = check({"menu.yaml": f"dishes: []\ndrinks: {written}\nprice: {price}\n"}).desk
    assert found is not None
    assert found.extras["menu.yaml"].model_dump(exclude={"stars"}) == {"dishes": (), "drinks": drinks, "price": meant}


def test_other_rooms_can_point_at_a_key(check: Callable[..., Inspection], desk: Path) -> None:
    found = check({"menu.yaml": "dishes:\n  - soup\n  - stew\n"}).desk
    assert found is not None
    source = found.sources["menu.yaml"]
    problem = source.problem(("dishes", 1), "sold out", "choose again", severity=Severity.WARNING)
    assert problem.render() == f"{desk}/menu.yaml:3:5: warning: sold out\n    choose again"
    assert source.problem(("dishes", 7, "price"), "unknown").where == f"{desk}/menu.yaml:1:1"


def test_the_digest_of_a_file_changes_with_its_content(check: Callable[..., Inspection]) -> None:
    first, again = check().desk, check().desk
    edited = check({"personas.yaml": "personas: []\n"}).desk
    assert first is not None
    assert again is not None
    assert edited is not None
    assert first.sources["personas.yaml"].digest == again.sources["personas.yaml"].digest
    assert first.sources["personas.yaml"].digest != edited.sources["personas.yaml"].digest
    assert first.sources["frontdesk.yaml"].digest == edited.sources["frontdesk.yaml"].digest


@pytest.mark.parametrize("name", ["frontdesk.yaml", "personas.yaml"])
def test_a_missing_file_is_named_with_the_way_to_get_one(lines: Lines, desk: Path, name: str) -> None:
    (desk / name).unlink()
    (found,) = lines()
    assert found.startswith(f"{name}: this file is missing -> copy one from `examples/desk`")


def test_missing_files_are_reported_together_with_everything_else(lines: Lines, desk: Path) -> None:
    (desk / "frontdesk.yaml").unlink()
    (desk / "personas.yaml").unlink()
    found = lines({"handoff.yaml": "slak: {}\n"})
    assert [line.split(": ")[0] for line in found] == ["frontdesk.yaml", "personas.yaml", "handoff.yaml:1:1"]


@pytest.mark.parametrize("content", [None, "when: {}\n", "slack:\n"])
def test_without_slack_leads_are_kept_and_the_admin_is_warned(
    lines: Lines, check: Callable[..., Inspection], desk: Path, content: str | None
) -> None:
    (desk / "handoff.yaml").unlink()
    found = lines({"handoff.yaml": content} if content else {})
    (only,) = found
    assert only.startswith("handoff.yaml: warning: no sales channel is configured: leads are kept, and nobody is told")
    assert only.endswith(" -> add `slack:` with `bot_token:` and `channel:`")
    assert check().desk is not None


def test_missing_knowledge_is_a_warning(lines: Lines, check: Callable[..., Inspection], desk: Path) -> None:
    (desk / "knowledge.jsonl").unlink()
    (found,) = lines()
    assert found.startswith("knowledge.jsonl: warning: there is no such file")
    assert check().desk is not None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("persona.yaml", "persona.yaml: warning: this file is not used -> did you mean `personas.yaml`?"),
        ("hand-off.yaml", "hand-off.yaml: warning: this file is not used -> did you mean `handoff.yaml`?"),
        ("frontdesk.yml", "frontdesk.yml: warning: this file is not used -> did you mean `frontdesk.yaml`?"),
        ("menus.yaml", "menus.yaml: warning: this file is not used -> did you mean `menu.yaml`?"),
        ("zebra.yaml", "zebra.yaml: warning: this file is not used -> remove it, or give it another ending"),
        ("channels/side.yml", "channels/side.yml: warning: this file is not used -> did you mean `side.yaml`?"),
        ("channel/side.yaml", "channel: warning: this folder is not used -> did you mean `channels`?"),
    ],
)
def test_a_file_nobody_reads_is_a_warning(lines: Lines, name: str, expected: str) -> None:
    assert lines({name: "a: b\n"}) == [expected]


@pytest.mark.parametrize("name", ["README.md", ".hidden.yaml", "frontdesk.yaml~", "site/page.html", "channels/.x.yml"])
def test_files_of_other_kinds_are_left_alone(lines: Lines, name: str) -> None:
    assert lines({name: "a: b\n"}) == []


def test_a_channels_name_is_a_slug(lines: Lines) -> None:
    (found,) = lines({"channels/Front Desk.yaml": "kind: parlour\n"})
    assert found.startswith("channels/Front Desk.yaml: the file's name cannot name a channel -> use lower-case")


def test_a_file_name_cannot_write_to_the_terminal(check: Callable[..., Inspection]) -> None:
    (problem,) = check({"channels/\x1b[2J.yaml": "kind: parlour\n"}).problems
    assert "\x1b" not in problem.render()
    assert "\x1b" not in json.dumps(problem.to_json(), ensure_ascii=False)


@pytest.mark.parametrize("name", ["frontdesk.yaml", "handoff.yaml", "channels/front.yaml"])
def test_what_is_no_regular_file_is_refused(lines: Lines, desk: Path, name: str) -> None:
    place = desk / name
    place.unlink()
    place.mkdir()
    assert lines()[0].startswith(f"{name}: this is a folder, not a file")
    place.rmdir()
    os.mkfifo(place)
    assert lines()[0].startswith(f"{name}: this is not a regular file")
    place.unlink()
    place.symlink_to(place.name)
    assert lines()[0].startswith(f"{name}: the symbolic link leads in a circle")
    place.unlink()
    place.symlink_to("nowhere.txt")
    assert lines()[0].startswith(f"{name}: there is no such file")


def test_a_link_to_a_file_is_followed(lines: Lines, desk: Path) -> None:
    (desk / "frontdesk.yaml").rename(desk / "kept.txt")
    (desk / "frontdesk.yaml").symlink_to("kept.txt")
    assert lines() == []


def test_the_folder_itself_must_be_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    expected = {
        "gone": "there is no such folder",
        "file": "this is a file, not a folder",
        "loop": "there is no such folder",
    }
    for name, message in expected.items():
        (problem,) = inspect(tmp_path / name, environment={}).problems
        assert problem.render().startswith(f"{tmp_path}/{name}: {message}")


def test_load_raises_what_inspect_finds(check: Callable[..., Inspection], desk: Path) -> None:
    problems = check({"frontdesk.yaml": "company:\n  nam: Fernlight\n"}).problems
    with pytest.raises(ConfigErrors) as caught:
        load(desk, environment={})
    assert set(problems) <= set(caught.value.problems)
    assert caught.value.render() == str(caught.value)
    assert caught.value.to_json()[0] == {
        "file": str(desk / "frontdesk.yaml"),
        "line": 1,
        "column": 1,
        "severity": "error",
        "message": "`company.name` is missing",
        "hint": "The company's name, as visitors know it. Example: `name: Fernlight`",
    }
