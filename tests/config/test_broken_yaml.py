"""Files that are no good YAML, or use parts of it that Frontdesk does not take: the place, the cause, the next step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

HEAD = "company:\n  name: Fernlight\n  site: https://fernlight.example\n"

CASES = {
    "empty": ("", "frontdesk.yaml: the file is empty", "`company`"),
    "only comments": ("# nothing\n\n# here\n", "frontdesk.yaml: the file is empty", "`company`"),
    "null": ("~\n", "frontdesk.yaml: the file is empty", "`company`"),
    "a list": ("- company\n", "frontdesk.yaml:1:1: expected `key: value` lines, found a list", ""),
    "a word": ("company\n", "frontdesk.yaml:1:1: expected `key: value` lines, found a single value", ""),
    "a number": ("\n\n  42\n", "frontdesk.yaml:3:3: expected `key: value` lines, found a single value", ""),
    "tab indent": (HEAD + "server:\n\tport: 1\n", "frontdesk.yaml:5:1: a tab is used for indentation", "spaces"),
    "tab after spaces": (
        HEAD + "server:\n  \tport: 1\n",
        "frontdesk.yaml:5:3: a tab is used for indentation",
        "spaces",
    ),
    "duplicate key": (
        HEAD + "tenant: a\ntenant: b\n",
        "frontdesk.yaml:5:1: this key is given twice, first in line 4",
        "keep",
    ),
    "nested duplicate": (
        "company:\n  name: A\n  site: https://a.example\n  name: B\n",
        "frontdesk.yaml:4:3: this key is given twice, first in line 2",
        "keep one",
    ),
    "anchor": (
        HEAD + "tenant: &t desk\n",
        "frontdesk.yaml:4:9: anchors (`&name`) are not supported",
        "write each value",
    ),
    "alias": (HEAD + "tenant: *t\n", "frontdesk.yaml:4:9: aliases (`*name`) are not supported", "quotes"),
    "merge key": (
        HEAD + "server:\n  <<: {port: 1}\n",
        "frontdesk.yaml:5:3: merge keys (`<<`) are not supported",
        "write the keys",
    ),
    "include tag": (
        "company: !include company.yaml\n",
        "frontdesk.yaml:1:10: tags (`!name`) are not supported",
        "included",
    ),
    "python tag": (
        HEAD + "tenant: !!python/object/apply:os.system [ls]\n",
        "frontdesk.yaml:4:9: tags (`!name`) are not supported",
        "value itself",
    ),
    "str tag": (HEAD + "tenant: !!str desk\n", "frontdesk.yaml:4:9: tags (`!name`) are not supported", "quotes"),
    "tag handle": (HEAD + "tenant: !a!b desk\n", "frontdesk.yaml:4:9: tags (`!name`) are not supported", "quotes"),
    "number key": (HEAD + "404: lost\n", "frontdesk.yaml:4:1: a key must be a text", "quotes"),
    "null key": (HEAD + "~: lost\n", "frontdesk.yaml:4:1: a key must be a text", "quotes"),
    "boolean key": (HEAD + "true: lost\n", "frontdesk.yaml:4:1: a key must be a text", "quotes"),
    "list key": (HEAD + "? [a, b]\n: lost\n", "frontdesk.yaml:4:3: a key must be a text", "quotes"),
    "two documents": (HEAD + "---\ntenant: b\n", "frontdesk.yaml:4:1: a second document begins here", "`---`"),
    "open quote": (HEAD + "tenant: 'desk\n", "frontdesk.yaml:4:9: a quote is opened and never closed", "close it"),
    "open bracket": (
        HEAD + "server:\n  trusted_proxies: [10.0.0.1\n",
        "frontdesk.yaml:5:20: a list in brackets is not closed",
        "`]`",
    ),
    "open brace": (HEAD + "server: {port: 1\n", "frontdesk.yaml:4:9: a mapping in braces is not closed", "`}`"),
    "reference in brackets": (
        HEAD + "server:\n  trusted_proxies: [${env:PROXY}]\n",
        "frontdesk.yaml:5:20: a list in brackets is not closed",
        "put `${...}` in quotes",
    ),
    "two colons": (HEAD + "tenant: a: b\n", "frontdesk.yaml:4:10: a second `: ` stands in this line", "quotes"),
    "forgotten colon": ("company\n  name: A\n", "frontdesk.yaml:2:7: a `:` is not expected here", "line above"),
    "forgotten space": (
        HEAD + "tenant:desk\nstore: {}\n",
        "frontdesk.yaml:4:1: a key without `:`",
        "space after the colon",
    ),
    "wrong indent": (
        "company:\n  name: A\n site: https://a.example\n",
        "frontdesk.yaml:3:2: the line does not fit its neighbours",
        "alike",
    ),
    "apostrophe": (
        "company:\n  name: 'Fern's'\n",
        "frontdesk.yaml:2:15: this does not belong to the value before it",
        "one pair of quotes",
    ),
    "at sign": (HEAD + "tenant: @desk\n", "frontdesk.yaml:4:9: a value cannot begin with this character", "quotes"),
    "backtick": (HEAD + "tenant: `desk`\n", "frontdesk.yaml:4:9: a value cannot begin with this character", "quotes"),
    "star": (HEAD + "tenant: *.example\n", "frontdesk.yaml:4:10: a value cannot begin with `*` or `&`", "quotes"),
    "bad escape": (
        HEAD + 'tenant: "C:\\desk\\q"\n',
        "frontdesk.yaml:4:12: a backslash in double quotes",
        "single quotes",
    ),
    "surrogate escape": (HEAD + 'tenant: "\\ud800"\n', "this escape is no character", "itself"),
    "yaml version": ("%YAML 7.0\n---\n" + HEAD, "frontdesk.yaml:1:1: this version of YAML is not known", "remove"),
    "list in line": (HEAD + "server: - a\n", "frontdesk.yaml:4:9: a list cannot begin here", "own"),
    "mixed list": (
        HEAD + "server:\n  trusted_proxies:\n    - 10.0.0.1\n    b: c\n",
        "frontdesk.yaml:7:5: the line does not fit the list around it",
        "`- `",
    ),
    "nesting bomb": (
        "a: " + "[" * 5_000 + "\n",
        "frontdesk.yaml:1:35: the file is nested more than 32 levels deep",
        "flatten",
    ),
    "brace bomb": ("{a: " * 5_000, "frontdesk.yaml:1:126: the file is nested more than 32 levels deep", "flatten"),
    "too many values": (
        "a: [" + "x," * 60_000 + "]\n",
        "frontdesk.yaml:1:99999: the file holds more than 50,000 values",
        "remove",
    ),
    "not a number": (HEAD + "server:\n  port: .nan\n", "frontdesk.yaml:5:9: this is not a finite number", "ordinary"),
    "infinite": (
        HEAD + "conversation:\n  burst_quiet_seconds: -.inf\n",
        "frontdesk.yaml:5:24: this is not a finite number",
        "",
    ),
    "overflow": (
        HEAD + "conversation:\n  burst_quiet_seconds: 1e999\n",
        "frontdesk.yaml:5:24: this number is far too large",
        "",
    ),
    "huge integer": (
        HEAD + f"server:\n  port: {'9' * 9_000}\n",
        "frontdesk.yaml:5:9: this number is far too large",
        "smaller",
    ),
}

BYTES = {
    "binary": (b"\x7fELF\x02\x01\x00\x00", "frontdesk.yaml: the file is binary, not text", "YAML"),
    "utf-16": ("company: {}".encode("utf-16"), "frontdesk.yaml:1:1: the file is UTF-16", "UTF-8"),
    "latin-1": (
        "company:\n  name: Fernlicht für alle\n".encode("latin-1"),
        "frontdesk.yaml:2:20: byte 0xfc is not UTF-8",
        "UTF-8",
    ),
    "cut utf-8": ("company: ü".encode()[:-1], "frontdesk.yaml:1:10: byte 0xc3 is not UTF-8", "UTF-8"),
    "escape character": (
        b"company:\n  name: \x1b[31mred\n",
        "frontdesk.yaml:2:9: an invisible control character (U+001B)",
        "delete",
    ),
    "line separator": (
        "company:\n  name: a\u2028b\n".encode(),
        "frontdesk.yaml:2:10: an invisible control character (U+2028)",
        "",
    ),
    "second bom": (
        b"a: 1\n\xef\xbb\xbfb: 2\n",
        "frontdesk.yaml:2:1: an invisible control character (U+FEFF)",
        "delete",
    ),
    "too large": (b"#" * 1_048_577, "frontdesk.yaml: the file is larger than 1,048,576 bytes", "split"),
}


@pytest.mark.parametrize(("content", "expected", "hint"), [*CASES.values(), *BYTES.values()], ids=[*CASES, *BYTES])
def test_a_broken_file_is_reported_at_its_place(
    lines: Callable[..., list[str]], content: str | bytes, expected: str, hint: str
) -> None:
    found = lines({"frontdesk.yaml": content})

    reported = [line for line in found if expected in line and hint in line]
    assert reported, found


def test_a_byte_order_mark_is_accepted_and_moves_no_column(lines: Callable[..., list[str]]) -> None:
    assert lines({"frontdesk.yaml": b"\xef\xbb\xbf" + HEAD.encode()}) == []
    found = lines({"frontdesk.yaml": b"\xef\xbb\xbfcompanny: 1\n" + HEAD.encode()})
    assert found == ["frontdesk.yaml:1:1: unknown key `companny` -> did you mean `company`?"]


def test_windows_line_ends_keep_the_line_numbers(lines: Callable[..., list[str]]) -> None:
    content = (HEAD + "server:\n  port: none\n").replace("\n", "\r\n")
    assert lines({"frontdesk.yaml": content})[0].startswith("frontdesk.yaml:5:9: server.port: expected a whole number")


def test_columns_count_characters_not_bytes(lines: Callable[..., list[str]]) -> None:
    found = lines({"frontdesk.yaml": "company: {name: Überfärn 🌿, site: 7}\n"})
    assert found == ['frontdesk.yaml:1:35: company.site: expected a text, got 7 -> put it in quotes: "7"']


def test_everything_but_syntax_is_collected_in_one_go(lines: Callable[..., list[str]]) -> None:
    content = HEAD + "tenant: &t a\ntenant: b\n404: x\nserver:\n  port: !!int 80\n  prot: 80\n"
    places = [line.split(": ")[0] for line in lines({"frontdesk.yaml": content})]
    assert places == [f"frontdesk.yaml:{place}" for place in ("4:9", "5:1", "6:1", "8:9", "9:3")]


def test_a_file_with_endless_mistakes_gets_a_bounded_report(lines: Callable[..., list[str]]) -> None:
    content = HEAD + "".join(f"wrong_{number}: 1\n" for number in range(20_000))
    found = lines({"frontdesk.yaml": content})
    assert len(found) == 101
    assert found[-1].startswith("frontdesk.yaml: more than 100 problems in this file")
