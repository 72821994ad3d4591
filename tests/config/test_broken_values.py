"""Well-formed files with values that cannot be meant: the place, the cause, the next step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config import Inspection

HEAD = "company:\n  name: Fernlight\n  site: https://fernlight.example\n"
SLACK = "slack:\n  bot_token: ${env:TOKEN}\n  channel: C0123ABCDEF\n"
PERSONA = "personas:\n  - id: saas_startup\n    name: SaaS startup\n"

SETTINGS = {
    "unknown section": ("sever:\n  port: 1\n", "4:1: unknown key `sever` -> did you mean `server`?"),
    "unknown key": ("server:\n  prot: 1\n", "5:3: unknown key `prot` -> did you mean `port`?"),
    "too far left": ("port: 1\n", "4:1: unknown key `port` -> it belongs under `server:`, indented below it"),
    "camel case": (
        "server:\n  publicUrl: https://a.example\n",
        "5:3: unknown key `publicUrl` -> did you mean `public_url`?",
    ),
    "dashes": (
        "server:\n  trusted-proxies: []\n",
        "5:3: unknown key `trusted-proxies` -> did you mean `trusted_proxies`?",
    ),
    "consent in no channel": (
        "privacy:\n  consent_rules:\n    - consent: required\n      channels: [wbe]\n",
        "7:18: there is no channel `wbe` -> known here: `front`",
    ),
    "consent of no kind": (
        "privacy:\n  consent: maybe\n",
        "5:12: privacy.consent: ",
    ),
    "consent in no region": (
        "privacy:\n  consent_rules:\n    - consent: notice\n      regions: [Europe]\n",
        "7:17: privacy.consent_rules[0].regions[0]: 'Europe' is no region -> use the two letters of a country",
    ),
    "a term of no field": (
        "privacy:\n  fields_days: {phon: 3}\n",
        "5:17: unknown key `phon` -> 'phon' is no fact; did you mean `phone`?",
    ),
    "far off key": ("zebra: 1\n", "4:1: unknown key `zebra` -> known here: `company`, `tenant`"),
    "word for number": ("server:\n  port: abc\n", "5:9: server.port: expected a whole number, got 'abc'"),
    "quoted number": (
        'server:\n  port: "80"\n',
        "5:9: server.port: expected a whole number, got '80' -> write 80, without",
    ),
    "underscores": ("server:\n  port: 8_080\n", "5:9: server.port: expected a whole number, got '8_080' -> write 8080"),
    "thousands": (
        "models:\n  chat:\n    max_tokens_per_day: 1,000\n",
        "6:25: models.chat.max_tokens_per_day: expected a whole",
    ),
    "sexagesimal": ("server:\n  port: 12:30\n", "5:9: server.port: expected a whole number, got '12:30'"),
    "date": ("server:\n  port: 2024-01-01\n", "5:9: server.port: expected a whole number, got '2024-01-01'"),
    "fraction": ("server:\n  port: 80.5\n", "5:9: server.port: expected a whole number, got 80.5"),
    "whole fraction": ("server:\n  port: 80.0\n", "5:9: server.port: expected a whole number, got 80.0"),
    "boolean for number": ("server:\n  port: true\n", "5:9: server.port: expected a whole number, got true"),
    "negative": ("server:\n  port: -1\n", "5:9: server.port: must be at least 0, got -1"),
    "too big": ("server:\n  port: 65536\n", "5:9: server.port: must be at most 65535, got 65536"),
    "no shards": ("store:\n  shards: 0\n", "5:11: store.shards: must be at least 1, got 0"),
    "many shards": ("store:\n  shards: 0x1000\n", "5:11: store.shards: must be at most 1024, got 0x1000"),
    "unit": (
        "conversation:\n  burst_quiet_seconds: 700ms\n",
        "5:24: conversation.burst_quiet_seconds: expected a number, got '700ms'",
    ),
    "wrong unit": (
        "conversation:\n  burst_quiet_seconds: 700\n",
        "5:24: conversation.burst_quiet_seconds: must be at most 5, got 700",
    ),
    "list for section": ("server: [1]\n", "4:9: server: expected a group of `key: value` lines, got a list"),
    "text for section": ("server: local\n", "4:9: server: expected a group of `key: value` lines, got 'local'"),
    "text for list": ("server:\n  trusted_proxies: 10.0.0.1\n", "5:20: server.trusted_proxies: expected a list"),
    "section for text": ("tenant:\n  a: b\n", "4:1: tenant: expected a text, got a group of keys"),
    "empty item": (
        "server:\n  trusted_proxies:\n    -\n",
        "6:6: server.trusted_proxies[0]: expected a text, got nothing",
    ),
    "bad network": (
        "server:\n  trusted_proxies: [10.0.0.1/8]\n",
        "5:21: server.trusted_proxies[0]: this is not an IP address",
    ),
    "slug": ("tenant: My Desk\n", "4:9: tenant: 'My Desk' does not have the form"),
    "plain http": (
        "server:\n  public_url: http://a.example\n",
        "5:15: server.public_url: http is accepted for this machine only",
    ),
    "not an address": (
        "server:\n  public_url: a.example\n",
        "5:15: server.public_url: this is not an address -> write a whole",
    ),
    "credentials": (
        "privacy:\n  url: https://me@a.example\n",
        "5:8: privacy.url: an address here carries no user name",
    ),
    "bad port": ("privacy:\n  url: https://a.example:99999\n", "5:8: privacy.url: this is not an address"),
    "bad host": ("privacy:\n  url: 'https://[::1'\n", "5:8: privacy.url: this is not an address"),
    "store scheme": (
        "store:\n  url: redsi://h\n",
        "5:8: store.url: this kind of store is not known -> did you mean `redis`?",
    ),
    "store path": ("store:\n  url: localhost\n", "5:8: store.url: this is not an address of a store"),
    "store port": ("store:\n  url: redis://h:99999\n", "5:8: store.url: the address of the store has a host or a port"),
    "store word": ("store:\n  url: redis://h:one/0\n", "5:8: store.url: the address of the store has a host or a port"),
    "store node": (
        "store:\n  url: redis+cluster://h:1,,h:2\n",
        "5:8: store.url: the address of the store has a host or a port",
    ),
    "store nothing": ("store:\n  url: redis://\n", "5:8: store.url: the address of the store names nothing"),
    "domain": (
        "email:\n  extra_free_domains: ['@a.example']\n",
        "5:24: email.extra_free_domains[0]: this is not a domain",
    ),
    "knowledge": ("knowledge:\n  file: site.txt\n", "5:9: knowledge.file: 'site.txt' does not have the form"),
    "placeholder": ("tenant: changeme\n", "4:9: tenant: this is a placeholder"),
    "angle brackets": ("privacy:\n  notice: <your notice>\n", "5:11: privacy.notice: this is a placeholder"),
    "eaten by comment": ("tenant: #desk\n", "4:8: everything after `#` is a comment, so no value is left"),
    "missing in group": (
        "models:\n  chat:\n    model: m\n",
        "5:3: `models.chat.base_url` is missing -> Address of the API",
    ),
}

OTHERS = {
    "no company": ("frontdesk.yaml", "tenant: a\n", "1:1: `company` is missing"),
    "no site": ("frontdesk.yaml", "company:\n  name: A\n", "1:1: `company.site` is missing -> The company's website"),
    "empty company": (
        "frontdesk.yaml",
        "company:\n",
        "1:9: company: expected a group of `key: value` lines, got nothing",
    ),
    "number for name": (
        "frontdesk.yaml",
        HEAD.replace("Fernlight", "2024"),
        '2:9: company.name: expected a text, got 2024 -> put it in quotes: "2024"',
    ),
    "empty name": ("frontdesk.yaml", HEAD.replace("Fernlight", "''"), "2:9: company.name: must not be empty"),
    "long name": (
        "frontdesk.yaml",
        HEAD.replace("Fernlight", "F" * 26 + " x" * 100),
        "2:9: company.name: must have at most 200 characters, has 226",
    ),
    "channel name": (
        "handoff.yaml",
        SLACK.replace("C0123ABCDEF", "'#sales'"),
        "3:12: slack.channel: '#sales' does not have the form that is needed here -> The ID of the channel",
    ),
    "bare channel name": (
        "handoff.yaml",
        SLACK.replace("C0123ABCDEF", "#sales"),
        "3:11: everything after `#` is a comment",
    ),
    "no channel": ("handoff.yaml", "slack:\n  bot_token: ${env:TOKEN}\n", "1:1: `slack.channel` is missing"),
    "yes": (
        "handoff.yaml",
        SLACK + "when:\n  email_captured: yes\n",
        "5:19: when.email_captured: expected true or false, got 'yes' -> write `true`",
    ),
    "no": (
        "handoff.yaml",
        SLACK + "when:\n  email_captured: no\n",
        "5:19: when.email_captured: expected true or false, got 'no' -> write `false`",
    ),
    "enum": (
        "handoff.yaml",
        SLACK + "when:\n  readiness: meduim\n",
        "5:14: when.readiness: expected low or medium or high, got 'meduim' -> did you mean `medium`?",
    ),
    "api over http": (
        "handoff.yaml",
        SLACK + "  api_base_url: http://slack.example/api/\n",
        "4:17: slack.api_base_url: http is accepted for this machine only",
    ),
    "persona id": (
        "personas.yaml",
        PERSONA.replace("saas_startup", "SaaS!"),
        "2:9: personas[0].id: 'SaaS!' does not have the form",
    ),
    "persona twice": (
        "personas.yaml",
        PERSONA + "  - id: saas_startup\n    name: Again\n",
        "4:9: personas: this `id` is given twice, first in line 2",
    ),
    "persona key": (
        "personas.yaml",
        PERSONA + "    quick_reply: [a]\n",
        "4:5: unknown key `quick_reply` -> did you mean `quick_replies`?",
    ),
    "long button": (
        "personas.yaml",
        PERSONA + "    quick_replies: [ok, Show me startup pricing]\n",
        "4:25: personas[0].quick_replies[1]: must have at most 20 characters, has 23",
    ),
    "size": (
        "personas.yaml",
        PERSONA + "    company_sizes: [start-up]\n",
        "4:21: personas[0].company_sizes[0]: expected solo or small_business",
    ),
    "level": (
        "personas.yaml",
        PERSONA + "    technical_level: expret\n",
        "4:22: personas[0].technical_level: expected",
    ),
    "source": (
        "personas.yaml",
        PERSONA + "    sources:\n      - url: https://a.example\n",
        "5:9: `personas[0].sources[0].quote` is missing",
    ),
    "page": (
        "personas.yaml",
        PERSONA + "    pages: [ftp://a.example]\n",
        "4:13: personas[0].pages[0]: this is not an address",
    ),
    "no personas": ("personas.yaml", "persona: []\n", "1:1: `personas` is missing"),
    "null persona": ("personas.yaml", "personas:\n  -\n", "2:4: personas[0]: expected a group"),
    "channel kind missing": (
        "channels/front.yaml",
        "origins: []\n",
        "1:1: `kind` is missing -> say which: `kind: parlour` or `kind: pigeon`",
    ),
    "channel kind": (
        "channels/front.yaml",
        "\nkind: pidgeon\n",
        "2:7: kind: there is no channel of kind 'pidgeon' -> did you mean `pigeon`?",
    ),
    "channel kind list": ("channels/front.yaml", "kind: [pigeon]\n", "1:1: `kind` is missing"),
    "channel value": (
        "channels/front.yaml",
        "kind: pigeon\nflock: 12\n",
        "2:8: flock: must be at most 9, got 12 -> Pigeons. Example: `flock: 3`",
    ),
    "channel unknown key": (
        "channels/front.yaml",
        "kind: parlour\norigin: [a]\n",
        "2:1: unknown key `origin` -> did you mean `origins`?",
    ),
    "channel colour": (
        "channels/front.yaml",
        "kind: parlour\ncolour: #0a7\n",
        "2:8: everything after `#` is a comment",
    ),
    "key of a free mapping": (
        "menu.yaml",
        "dishes: []\nstars:\n  stwe: 3\n",
        "3:3: unknown key `stwe` -> did you mean `stew`?",
    ),
    "another room": (
        "menu.yaml",
        "dishes:\n  - soup\n  - 7\n",
        '3:5: dishes[1]: expected a text, got 7 -> put it in quotes: "7"',
    ),
}


@pytest.mark.parametrize(("content", "expected"), SETTINGS.values(), ids=SETTINGS)
def test_a_wrong_setting_is_reported_at_its_place(lines: Callable[..., list[str]], content: str, expected: str) -> None:
    found = lines({"frontdesk.yaml": HEAD + content})
    assert any(line.startswith(f"frontdesk.yaml:{expected}") for line in found), found


@pytest.mark.parametrize(("name", "content", "expected"), OTHERS.values(), ids=OTHERS)
def test_a_wrong_value_in_any_file_is_reported_at_its_place(
    lines: Callable[..., list[str]], name: str, content: str, expected: str
) -> None:
    found = lines({name: content})
    assert any(line.startswith(f"{name}:{expected}") for line in found), found


def test_every_problem_of_every_file_comes_at_once(lines: Callable[..., list[str]]) -> None:
    found = lines(
        {
            "frontdesk.yaml": HEAD + "sever: {}\nserver:\n  port: -1\n  host: 7\n",
            "personas.yaml": PERSONA + "    kind: segmnet\n    colour: red\n",
            "handoff.yaml": "slack:\n  channel: C1\nwhen: now\n",
            "channels/front.yaml": "kind: parlor\n",
            "channels/post.yaml": "kind: pigeon\nflock: many\n",
            "menu.yaml": "dishes: soup\n",
        }
    )
    assert [line.split(": ")[0] for line in found] == [
        "frontdesk.yaml:4:1",
        "frontdesk.yaml:6:9",
        "frontdesk.yaml:7:9",
        "personas.yaml:4:11",
        "personas.yaml:5:5",
        "handoff.yaml:1:1",
        "handoff.yaml:2:12",
        "handoff.yaml:3:7",
        "menu.yaml:1:9",
        "channels/front.yaml:1:7",
        "channels/post.yaml:2:8",
    ]


def test_words_that_old_yaml_took_for_something_else_stay_words(check: Callable[..., Inspection]) -> None:
    persona = PERSONA + "    cues: [no, on, yes, 12:30, 2024-01-01, 1_000, 0777x, off]\n"
    desk = check({"personas.yaml": persona}).desk
    assert desk is not None
    assert desk.personas[0].cues == ("no", "on", "yes", "12:30", "2024-01-01", "1_000", "0777x", "off")


@pytest.mark.parametrize(("written", "meant"), [("08", 8), ("010", 10), ("0o17", 15), ("0x1F", 31), ("+80", 80)])
def test_numbers_mean_what_yaml_1_2_says(check: Callable[..., Inspection], written: str, meant: int) -> None:
    desk = check({"frontdesk.yaml": HEAD + f"server:\n  port: {written}\n"}).desk
    assert desk is not None
    assert desk.settings.server.port == meant


def test_an_empty_value_of_an_optional_key_is_its_default(check: Callable[..., Inspection]) -> None:
    desk = check({"frontdesk.yaml": HEAD + "server:\n# port: 1\ntenant:\nmodels:\n  chat:\n", "handoff.yaml": ""}).desk
    assert desk is not None
    assert (desk.settings.server.port, desk.settings.tenant, desk.settings.models.chat) == (8080, "default", None)
    assert desk.handoff is not None
    assert desk.handoff.slack is None
