"""Files wait until there is a thread to put them into."""

from __future__ import annotations

from dataclasses import replace

from core.attachment import Attachment
from core.ids import ConversationId, LeadId, MessageId, VisitorId
from core.lead import NOT_READY, Lead, Route
from core.message import InboundMessage, MessageKind
from core.passing_on import MOST_NAMED, named_on, passed_on
from core.people import Thread
from core.receiving import FILES_LIMIT, receive
from core.session import Session

TALK, VISITOR = ConversationId("telegram:bot:501"), VisitorId("telegram:bot:501")
SESSION = Session(conversation=TALK, visitor=VISITOR, channel="bot")
LEAD = Lead(
    id=LeadId(f"lead.{TALK}"),
    conversation=TALK,
    visitor=VISITOR,
    channel="bot",
    created_at=1.0,
    updated_at=1.0,
    revision=3,
    email="jo@northwind-robotics.io",
    readiness=NOT_READY,
)


def a_file(number: int) -> Attachment:
    return Attachment(
        id=f"m{number}", channel="bot", reference=f"f{number}", name=f"{number}.pdf", media_type="application/pdf"
    )


def sent(number: int) -> InboundMessage:
    file = a_file(number)
    return InboundMessage(
        id=MessageId(file.id),
        channel="bot",
        conversation=TALK,
        visitor=VISITOR,
        kind=MessageKind.FILE,
        text=file.line,
        at=float(number),
        attachments=(file,),
    )


def test_that_a_bounded_number_waits_and_says_nothing() -> None:
    session = receive(SESSION, [sent(number) for number in range(50)])
    assert [file.name for file in session.files] == [f"{number}.pdf" for number in range(30, 50)]
    assert len(session.files) == FILES_LIMIT
    assert (session.said, session.messages, session.turns, session.first_message) == ("", 0, 0, "")


def test_that_each_is_told_once_where_the_lead_is() -> None:
    waiting = replace(SESSION, files=(a_file(1), a_file(2)))
    assert passed_on(waiting, None) == (waiting, ())
    session, notes = passed_on(waiting, LEAD)
    assert [(one.lead, one.note.file) for one in notes] == [(LEAD.id, a_file(1)), (LEAD.id, a_file(2))]
    assert passed_on(session, LEAD) == (session, ())


def test_that_a_quiet_lead_has_no_thread_yet() -> None:
    waiting, quiet = replace(SESSION, files=(a_file(1),)), replace(LEAD, route=Route(quiet=True))
    assert passed_on(waiting, quiet) == (waiting, ())
    assert named_on(quiet, quiet, waiting) == quiet


def test_that_the_lead_may_be_kept_in_another_thread() -> None:
    home = Thread(conversation=ConversationId("web-1"), visitor=VisitorId("v-1"), channel="web")
    _, (note,) = passed_on(replace(SESSION, files=(a_file(1),), home=home), None)
    assert note.lead == "lead.web-1"


def test_that_a_name_is_news_for_the_card_and_names_are_bounded() -> None:
    waiting = replace(SESSION, files=tuple(map(a_file, range(15))))
    lead = named_on(LEAD, LEAD, waiting)
    assert lead is not None
    assert (lead.revision, lead.files[-1]) == (4, "14.pdf")
    again = named_on(lead, lead, waiting)
    assert again is not None
    assert (again.revision, len(again.files)) == (5, MOST_NAMED)
    assert named_on(LEAD, LEAD, SESSION) == LEAD
