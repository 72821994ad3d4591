"""`frontdesk.yaml`: who the company is, where Frontdesk listens and where it keeps its state."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from config.fields import Domain, LanguageTag, Line, Network, PublicUrl, Section, Slug, Text, WebUrl
from config.models.dashboard import DashboardSettings
from config.models.mail import MailSettings
from config.models.operations import LoggingSettings, MetricsSettings, TracingSettings
from config.models.privacy import PrivacySettings
from config.secret import ConnectionUrl, Secret, refusal
from config.wording import did_you_mean

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,40})://?(.*)", re.DOTALL)
STORE_SCHEMES = ("redis+embedded", "redis", "rediss", "unix", "redis+cluster", "rediss+cluster")


def _store_url(url: ConnectionUrl) -> ConnectionUrl:
    found = _SCHEME.fullmatch(url.reveal())
    if found is None:
        raise refusal("this is not an address of a store", "write `redis+embedded://.frontdesk` or `redis://host:6379`")
    scheme, rest = found.groups()
    if scheme not in STORE_SCHEMES:
        raise refusal("this kind of store is not known", did_you_mean(scheme, STORE_SCHEMES))
    if not rest.strip("/"):
        raise refusal("the address of the store names nothing", "add a folder, a host or a socket after `://`")
    if "embedded" not in scheme and scheme != "unix" and not all(map(_is_host, _hosts(rest))):
        raise refusal("the address of the store has a host or a port that is none", "write it like `redis://host:6379`")
    return url


def _hosts(rest: str) -> list[str]:
    """A server's `host:port`, or those of a cluster's nodes, without who logs in and where to."""
    return rest.partition("?")[0].rpartition("@")[2].partition("/")[0].split(",")


def _is_host(text: str) -> bool:
    try:
        parts = urlsplit(f"//{text}")
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class CompanySettings(Section):
    """The company whose visitors are greeted."""

    name: Annotated[Line, Field(description="The company's name, as visitors know it.", examples=["Fernlight"])]
    site: Annotated[
        WebUrl,
        Field(description="The company's website: the source of all claims.", examples=["https://fernlight.example"]),
    ]
    assistant: Annotated[Line, Field(description="The name the assistant gives itself.", examples=["Fern"])] = (
        "the assistant"
    )
    language: Annotated[
        LanguageTag, Field(description="The language to begin in while the visitor's is unknown.", examples=["en"])
    ] = "en"
    description: Annotated[
        Text | None,
        Field(
            description="What the company does, in one sentence.", examples=["Software that answers support tickets."]
        ),
    ] = None


class StoreSettings(Section):
    """Where conversations, profiles and leads are kept."""

    url: Annotated[
        ConnectionUrl,
        AfterValidator(_store_url),
        Field(
            description="A folder for the built-in store (relative to this file), or the address of a Redis or Valkey"
            " server or cluster. A password is written as a reference.",
            examples=["redis+embedded://.frontdesk", "rediss://:${env:REDIS_PASSWORD}@redis.internal:6379"],
        ),
    ] = ConnectionUrl("redis+embedded://.frontdesk", origin="redis+embedded://.frontdesk")
    shards: Annotated[
        int,
        Field(
            ge=1,
            le=1024,
            description="Into how many parts the work is divided between processes. Never change it once data is kept.",
            examples=[64],
        ),
    ] = 64


class ServerSettings(Section):
    """Where Frontdesk listens."""

    host: Annotated[
        Line, Field(pattern=r"^[A-Za-z0-9.:_-]+$", description="Address to listen on.", examples=["127.0.0.1"])
    ] = "127.0.0.1"
    port: Annotated[
        int, Field(ge=0, le=65_535, description="Port to listen on; 0 takes any free one.", examples=[8080])
    ] = 8080
    public_url: Annotated[
        PublicUrl | None,
        Field(
            description="The address visitors and platforms reach Frontdesk at, when that is a proxy in front of it.",
            examples=["https://chat.fernlight.example"],
        ),
    ] = None
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Field(
            max_length=100,
            description="Proxies whose word on the visitor's address is believed: IP addresses or networks.",
            examples=[["10.0.0.0/8"]],
        ),
    ] = ()


class KnowledgeSettings(Section):
    """What the assistant knows."""

    file: Annotated[
        Line,
        Field(
            pattern=r"^[^\x00]+\.jsonl$",
            description="The passages of the site, as `frontdesk crawl` writes them; relative to this file.",
            examples=["knowledge.jsonl"],
        ),
    ] = "knowledge.jsonl"


class ModelSettings(Section):
    """One model behind an OpenAI-compatible address."""

    base_url: Annotated[
        WebUrl, Field(description="Address of the API, up to its version.", examples=["https://api.openai.com/v1"])
    ]
    model: Annotated[Line, Field(description="Name of the model, as the provider spells it.", examples=["gpt-5-mini"])]
    api_key: Annotated[
        Secret | None,
        Field(description="Key of the API; not needed for most local servers.", examples=["${env:MODEL_API_KEY}"]),
    ] = None
    timeout_seconds: Annotated[
        float, Field(gt=0, le=120, description="How long one answer may take, in seconds.", examples=[10])
    ] = 10.0
    price_per_million_tokens: Annotated[
        float | None,
        Field(
            ge=0,
            description="What a million of its tokens cost you, in and out taken together, in your currency: for the"
            " cost in the metrics.",
            examples=[2.5],
        ),
    ] = None
    max_tokens_per_day: Annotated[
        int,
        Field(
            ge=0,
            le=10_000_000_000,
            description="Tokens that may be spent a day; beyond that Frontdesk goes on without the model.",
            examples=[1_000_000],
        ),
    ] = 1_000_000
    max_tokens_per_conversation: Annotated[
        int, Field(ge=0, le=10_000_000, description="The same for one conversation a day.", examples=[60_000])
    ] = 60_000
    max_tokens_per_visitor: Annotated[
        int, Field(ge=0, le=10_000_000, description="The same for one visitor a day.", examples=[120_000])
    ] = 120_000
    max_tokens_per_site: Annotated[
        int | None,
        Field(
            ge=0,
            le=10_000_000_000,
            description="The same for each channel a day, where several share the model; empty: as much as there is.",
            examples=[500_000],
        ),
    ] = None


class EmbeddingSettings(Section):
    """An embedding model behind an OpenAI-compatible address."""

    base_url: Annotated[
        WebUrl, Field(description="Address of the API, up to its version.", examples=["https://api.openai.com/v1"])
    ]
    model: Annotated[
        Line, Field(description="Name of the model, as the provider spells it.", examples=["text-embedding-3-small"])
    ]
    dimension: Annotated[
        int, Field(ge=8, le=8_192, description="How many numbers one of its vectors has.", examples=[1536])
    ]
    api_key: Annotated[
        Secret | None,
        Field(description="Key of the API; not needed for most local servers.", examples=["${env:MODEL_API_KEY}"]),
    ] = None
    timeout_seconds: Annotated[
        float, Field(gt=0, le=60, description="How long one batch of texts may take, in seconds.", examples=[3])
    ] = 3.0
    max_tokens_per_day: Annotated[
        int,
        Field(
            ge=0,
            le=10_000_000_000,
            description="Tokens that may be spent a day; beyond that texts are compared by words.",
            examples=[10_000_000],
        ),
    ] = 10_000_000


class ModelsSettings(Section):
    """Models are optional: without any, Frontdesk understands and writes by itself."""

    chat: Annotated[
        ModelSettings | None, Field(description="The model that puts replies into words.", examples=[None])
    ] = None
    embeddings: Annotated[
        EmbeddingSettings | None,
        Field(description="A model that compares texts by meaning, instead of the built-in one.", examples=[None]),
    ] = None
    builtin_embeddings: Annotated[
        bool,
        Field(
            description="Compare texts by meaning with the small model of the `minilm` extra, where it is installed."
            " Without any such model, words are compared.",
            examples=[True],
        ),
    ] = True


class ConversationSettings(Section):
    """How the assistant talks."""

    burst_quiet_seconds: Annotated[
        float,
        Field(
            ge=0,
            le=5,
            description="Seconds without a message after which the messages before get one answer together.",
            examples=[0.7],
        ),
    ] = 0.7
    max_words: Annotated[int, Field(ge=20, le=120, description="Words of a reply at most.", examples=[60])] = 60


class EmailSettings(Section):
    """How e-mail addresses are judged, beyond the lists that come with Frontdesk."""

    extra_free_domains: Annotated[
        tuple[Domain, ...],
        Field(max_length=10_000, description="More domains of free mail providers.", examples=[["mail.example"]]),
    ] = ()
    extra_disposable_domains: Annotated[
        tuple[Domain, ...],
        Field(max_length=10_000, description="More domains of throw-away addresses.", examples=[["trash.example"]]),
    ] = ()


class FrontdeskSettings(Section):
    """The whole of `frontdesk.yaml`."""

    company: Annotated[
        CompanySettings,
        Field(
            description="The company whose visitors are greeted.",
            examples=[{"name": "Fernlight", "site": "https://fernlight.example"}],
        ),
    ]
    tenant: Annotated[
        Slug,
        Field(description="Begins every key in the store, so that several desks can share one.", examples=["default"]),
    ] = "default"
    store: Annotated[
        StoreSettings,
        Field(
            description="Where conversations, profiles and leads are kept.",
            examples=[{"url": "redis+embedded://.frontdesk"}],
        ),
    ] = StoreSettings()
    server: Annotated[
        ServerSettings, Field(description="Where Frontdesk listens.", examples=[{"host": "127.0.0.1", "port": 8080}])
    ] = ServerSettings()
    knowledge: Annotated[
        KnowledgeSettings, Field(description="What the assistant knows.", examples=[{"file": "knowledge.jsonl"}])
    ] = KnowledgeSettings()
    models: Annotated[
        ModelsSettings,
        Field(
            description="Models, all of them optional.",
            examples=[{"chat": {"base_url": "http://127.0.0.1:11434/v1", "model": "llama3.2"}}],
        ),
    ] = ModelsSettings()
    conversation: Annotated[
        ConversationSettings, Field(description="How the assistant talks.", examples=[{"max_words": 60}])
    ] = ConversationSettings()
    verification: Annotated[
        MailSettings | None,
        Field(
            description="The mail server for one-time codes: visitors who have talked to you elsewhere show by one who"
            " they are, and the talk goes on from there. Without it nobody is offered a code.",
            examples=[{"host": "smtp.example.com", "sender": "hello@example.com"}],
        ),
    ] = None
    email: Annotated[
        EmailSettings,
        Field(description="How addresses are judged.", examples=[{"extra_free_domains": ["mail.example"]}]),
    ] = EmailSettings()
    privacy: Annotated[
        PrivacySettings,
        Field(
            description="What visitors are told before they are asked for an address.",
            examples=[{"url": "https://fernlight.example/privacy"}],
        ),
    ] = PrivacySettings()
    dashboard: Annotated[
        DashboardSettings,
        Field(description="The pages for admins, and who may enter them.", examples=[{"session_hours": 12}]),
    ] = DashboardSettings()
    metrics: Annotated[
        MetricsSettings,
        Field(description="Numbers for Prometheus, and who may read them.", examples=[{"readers": ["10.42.0.0/16"]}]),
    ] = MetricsSettings()
    logging: Annotated[
        LoggingSettings, Field(description="How `frontdesk serve` logs.", examples=[{"format": "json"}])
    ] = LoggingSettings()
    tracing: Annotated[
        TracingSettings | None,
        Field(
            description="Traces for an OpenTelemetry collector; empty: none.",
            examples=[{"endpoint": "http://127.0.0.1:4318/v1/traces"}],
        ),
    ] = None
