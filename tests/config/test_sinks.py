"""The sinks of `handoff.yaml`: what is refused, where, and what goes without saying."""

from __future__ import annotations

import base64

import pytest

from tests.config.conftest import TOKEN, Check

SIGNING = "whsec_" + base64.b64encode(b"k" * 32).decode()
HOOK = "webhooks:\n  - name: one\n    url: https://hooks.example.com/x\n    secrets: ['${env:SIGNING}']\n"
MAIL = "email:\n  host: smtp.example.com\n  sender: a@example.com\n  to: [b@example.com]\n"
CRM = "salesforce:\n  base_url: https://a.my.salesforce.com\n  client_id: ${env:TOKEN}\n  client_secret: ${env:TOKEN}\n"

BROKEN = {
    "secret in the file": (HOOK.replace("${env:SIGNING}", SIGNING), "webhooks[0].secrets"),
    "a secret of another kind": (HOOK.replace("SIGNING", "TOKEN"), "no secret of the Standard Webhooks form"),
    "no secret": (HOOK.replace("['${env:SIGNING}']", "[]"), "webhooks[0].secrets: must"),
    "an open connection": (HOOK.replace("https:", "http:"), "leads are posted over https only"),
    "two of one name": (HOOK + HOOK.partition("\n")[2], "two webhooks are named 'one'"),
    "an unknown event": (HOOK + "    events: [lead.wno]\n", "did you mean `lead.won`?"),
    "an unknown value": ("hubspot:\n  token: ${env:TOKEN}\n  fields: {phoen: phone}\n", "did you mean `phone`?"),
    "a field that is none": (CRM + "  fields: {persona: 'a b'}\n", "salesforce.fields.persona"),
    "another version": (CRM + "  api_version: '62'\n", "salesforce.api_version"),
    "open mail": (MAIL + "  security: none\n", "mail is sent unencrypted on this machine only"),
    "half a login": (MAIL + "  username: a\n", "username and password come together"),
    "two addresses in one": (MAIL.replace("b@example.com", "'b@example.com,c@example.com'"), "email.to[0]"),
    "a header in the sender": (MAIL.replace("a@example.com", '"a@example.com\\nBcc: c@example.com"'), "email.sender"),
}


@pytest.mark.parametrize(("content", "expected"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_with_a_sink_is_said(check: Check, content: str, expected: str) -> None:
    found = [str(problem) for problem in check({"handoff.yaml": content}, SIGNING=SIGNING, TOKEN=TOKEN).errors]
    assert any(expected in line for line in found), found
    assert not any(SIGNING in line or TOKEN in line for line in found)


def test_sinks_need_no_slack_and_little_else(check: Check) -> None:
    inspection = check({"handoff.yaml": HOOK + MAIL + CRM}, SIGNING=SIGNING, TOKEN=TOKEN)
    assert inspection.problems == ()
    assert inspection.desk is not None
    handoff = inspection.desk.handoff
    assert handoff is not None
    assert handoff.tells_somebody
    assert handoff.salesforce is not None
    assert handoff.salesforce.field_map["email"] == "Email"
    assert SIGNING not in repr(handoff)


def test_a_map_adds_to_the_usual_one(check: Check) -> None:
    content = "hubspot:\n  token: ${env:TOKEN}\n  fields: {persona: kind, summary: ''}\n"
    desk = check({"handoff.yaml": content}, TOKEN=TOKEN).desk
    assert desk is not None
    assert desk.handoff is not None
    assert desk.handoff.hubspot is not None
    assert desk.handoff.hubspot.field_map["persona"] == "kind"
    assert desk.handoff.hubspot.field_map["summary"] == ""
    assert desk.handoff.hubspot.field_map["phone"] == "phone"
