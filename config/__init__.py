"""The admin's files: their models, reading them with every problem at its line, and their JSON Schemas."""

from config.desk import Desk, SourceFile
from config.fields import Section
from config.loader import Inspection, inspect, load
from config.models.handoff import HandoffConditions, HandoffSettings, SlackSettings
from config.models.operations import LoggingSettings, MetricsSettings, TracingSettings
from config.models.settings import EmbeddingSettings, FrontdeskSettings, ModelSettings
from config.models.sinks import EmailSettings, HubSpotSettings, SalesforceSettings, WebhookSettings
from config.problems import ConfigErrors, Problem, Severity, render
from config.secret import ConnectionUrl, Secret, SlackBotToken, refusal

__all__ = [
    "ConfigErrors",
    "ConnectionUrl",
    "Desk",
    "EmailSettings",
    "EmbeddingSettings",
    "FrontdeskSettings",
    "HandoffConditions",
    "HandoffSettings",
    "HubSpotSettings",
    "Inspection",
    "LoggingSettings",
    "MetricsSettings",
    "ModelSettings",
    "Problem",
    "SalesforceSettings",
    "Secret",
    "Section",
    "Severity",
    "SlackBotToken",
    "SlackSettings",
    "SourceFile",
    "TracingSettings",
    "WebhookSettings",
    "inspect",
    "load",
    "refusal",
    "render",
]
