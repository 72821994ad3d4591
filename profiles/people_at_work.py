"""Words around a number of people that tell who they are: those who answer customers, or all of a company's places."""

from __future__ import annotations

import re

_ANSWER = (
    r"(?:answers?|repl(?:y|ies)|responds?|handles?|deals? with|looks? after|mans?|covers?|picks? up"
    r"|takes? (?:the )?calls|works? (?:on )?the (?:inbox|phones?|desk)"
    r"|do(?:es)? (?:all )?(?:the )?(?:support|mails?|inbox|phones|answering|replying))"
)
ANSWERING = re.compile(
    rf"\s+(?:who\s+)?(?:{_ANSWER}\b|for all (?:of )?(?:that|this|it|those)\b|on (?:the )?(?:phones?|inbox|desk)\b)"
)
"""After "two of us": what those do who answer customers."""
ANSWERER = re.compile(
    rf"\s+(?P<who>(?!of\b|in\b|a\b)[^\W\d_]{{3,}}s?)\s+(?:who\s+)?{_ANSWER}\s+"
    r"(?:all|them|it|everything|those|these|everyone|everybody|customers|mails?|tickets|calls|the)\b"
)
"""After a number, as in "one engineer answers all of it"."""
TEAM_OF = re.compile(r"\bteam of\s+(?:(?:about|around|some|roughly|just|only)\s+)?$")
"""Before a number of people who are said to be at work with what comes in."""
AT_THE_INBOX = re.compile(
    rf"\s+(?:people\s+|of us\s+)?(?:who\s+)?{_ANSWER}\b[^.?!;]{{0,28}}\b"
    r"(?:e-?mails?|mails|tickets?|chats?|calls|messages|requests|enquiries|inquiries|customers|phones?|inbox|questions)\b"
)
"""After a number, as in "my team of five handles about sixty mails a day"."""
HIRED = re.compile(r"\b(?:hired|took on|taken on|added|lost|let go(?: of)?|fired|sacked|laid off)\s+(?:\w+\s+)?$")
"""Before a number of agents: it is by how many they became more or fewer."""
PLACES_AND = re.compile(
    r"\b\d+\s+(?:stores?|shops?|sites?|branches|locations?|offices?|clinics?|practices|hotels?|restaurants?|schools?|depots?"
    r"|filialen|standorte|läden|magasins|boutiques|agences|tiendas|sucursales|oficinas|centros|lojas|filiais|vestigingen"
    r"|winkels)\s+(?:and|with|y|con|et|avec|und|mit|e|com|en|met)\s+"
    r"(?:(?:about|around|some|roughly|unas|unos|etwa|rund|environ|cerca de|zo'n)\s+)?$"
)
"""Before a number, as in "eighteen shops and about 130 people"."""
