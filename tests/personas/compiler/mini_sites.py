"""Small invented sites of several trades and builds, with the customers each addresses."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from core.offering import Offering
from core.persona import Persona
from knowledge.reading.page import SitePage
from knowledge.reading.reader import read_site_page


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniSite:
    """`pages` maps addresses to text: `# ` to `#### ` headings, `- ` items, `? ` questions, else paragraphs.

    `addressed` holds, for each kind of customer, words one of which its name must hold. `shut_out` must name nobody.
    """

    host: str
    name: str
    pages: dict[str, str]
    addressed: tuple[tuple[str, ...], ...]
    shut_out: tuple[str, ...] = ()
    menu: tuple[tuple[str, str], ...] = ()
    language: str = "en"

    def read(self) -> tuple[SitePage, ...]:
        return tuple(self._page(path, text) for path, text in self.pages.items())

    def _page(self, path: str, text: str) -> SitePage:
        return read_site_page(self.html(path, text).encode(), url=f"https://{self.host}{path}")

    def html(self, path: str, text: str) -> str:
        first = next((line[2:] for line in text.splitlines() if line.startswith("# ")), self.name)
        menu = "".join(f'<li><a href="{url}">{escape(label)}</a></li>' for label, url in self.menu)
        title = f"{first} | {self.name}" if path != "/" else f"{self.name} | {first}"
        return (
            f'<!doctype html><html lang="{self.language}"><head><title>{escape(title)}</title></head><body>'
            f"<header><nav><ul>{menu}</ul></nav></header><main>{_body(text)}</main></body></html>"
        )


def _body(text: str) -> str:
    parts: list[str] = []
    in_list = False
    for line in filter(None, map(str.strip, text.splitlines())):
        if in_list and not line.startswith("- "):
            parts.append("</ul>")
            in_list = False
        mark, _, rest = line.partition(" ")
        if mark and set(mark) == {"#"}:
            parts.append(f"<h{len(mark)}>{escape(rest)}</h{len(mark)}>")
        elif mark == "-":
            parts.append(("" if in_list else "<ul>") + f"<li>{escape(rest)}</li>")
            in_list = True
        elif mark == "?":
            parts.append(f"<details><summary>{escape(rest)}</summary></details>")
        elif mark == "@":
            url, _, label = rest.partition(" ")
            parts.append(f'<p><a href="{url}">{escape(label)}</a></p>')
        else:
            parts.append(f"<p>{escape(line)}</p>")
    return "".join(parts) + ("</ul>" if in_list else "")


def recall_of(site: MiniSite, personas: tuple[Persona, ...]) -> tuple[float, float, list[tuple[str, ...]], list[str]]:
    """Share of the customers found, share of personas that are none of them, and both lists."""
    names = [persona.name.casefold() for persona in personas]
    missed = [words for words in site.addressed if not any(word in name for word in words for name in names)]
    spurious = [
        persona.name
        for persona, name in zip(personas, names, strict=True)
        if not any(word in name for words in site.addressed for word in words)
    ]
    found = 1 - len(missed) / len(site.addressed)
    return found, len(spurious) / max(len(personas), 1), missed, spurious


NOTHING_SOLD = Offering()

PAYROLL = MiniSite(
    host="paywren.example",
    name="Paywren",
    menu=(("Features", "/features"), ("Prices", "/prices"), ("About", "/about"), ("Sign in", "/login")),
    pages={
        "/": """
            # Payroll that is done before lunch
            Paywren pays wages, files taxes and keeps payslips in one place.
            ## Made for teams like yours
            - Care homes
            - Cleaning companies
            - Restaurants and cafés
            ## Built by people who ran payroll
            Bookkeepers use Paywren to run the wages of all their clients from one list.
            Most payrolls are closed within 30 minutes, and support is free for 90 days.
            If you run a small building firm, Paywren also keeps track of holiday stamps.
        """,
        "/features": """
            # Features
            ## For reporting
            Reports for every month are ready on the first day.
            ## Payslips
            Payslips are sent by e-mail or printed for collection.
            ## Timesheets
            Wages are often late because hours are copied by hand from paper.
        """,
        "/prices": """
            # Prices
            ## Solo
            For freelancers. £9 per month, one payslip.
            ## Crew
            For companies with 2 to 25 employees. £29 per month.
            ## Office
            Made for bookkeepers with more than 10 clients. £99 per month.
            ## Who Paywren is not for
            - Public bodies with their own pay scales
            - Banks
        """,
        "/about": """
            # About
            Paywren was founded in Leeds. We do not serve crypto exchanges.
            Ines Oakley, Head of Payroll at Paywren
            Our developers work from three cities.
        """,
    },
    addressed=(
        ("care home",),
        ("cleaning",),
        ("restaurant", "café"),
        ("bookkeeper",),
        ("building firm",),
        ("freelancer",),
    ),
    shut_out=("public bod", "bank", "crypto"),
)

CLINICS = MiniSite(
    host="www.mendleaf.example",
    name="Mendleaf",
    menu=(
        ("For physiotherapists", "/for-physiotherapists"),
        ("For dental practices", "/for-dental-practices"),
        ("Hospital groups", "/solutions/hospital-groups"),
        ("Reminders", "/solutions/reminders"),
        ("Pricing", "/pricing"),
    ),
    pages={
        "/": """
            # The quiet front desk
            Mendleaf books visits, sends reminders and collects forms, so that patients arrive prepared.
            Mendleaf is trusted by midwives, speech therapists and medical centres.
            Patients use Mendleaf on their phone without an account.
        """,
        "/for-physiotherapists": """
            # Mendleaf for physiotherapists
            Practices with 2 to 15 employees fill gaps from a waiting list.
            ## What goes wrong without it
            - Slots stay empty because cancellations arrive by voicemail.
            - Exercise sheets get lost between two visits.
            ## What you get
            - A waiting list that offers free slots by text message
            - Exercise plans on the patient's phone
            ## Results
            The Alder Lane practice cut empty slots by 41%.
        """,
        "/for-dental-practices": """
            # Mendleaf for dental practices
            Dental practices send recalls, estimates and consent forms from one screen.
            ## Problems we hear
            - Recalls are written by hand.
        """,
        "/solutions/hospital-groups": """
            # Hospital groups
            Hospital groups with more than 1,000 employees connect Mendleaf to their records through FHIR and an API.
        """,
        "/solutions/reminders": """
            # Reminders
            Reminders go out for every visit.
        """,
        "/pricing": """
            # Pricing
            From 39 € per month. Not suitable for veterinary practices.
        """,
    },
    addressed=(
        ("physiotherapist",),
        ("dental",),
        ("hospital",),
        ("midwi",),
        ("speech therapist",),
        ("medical centre",),
    ),
    shut_out=("veterinary", "patient"),
)

FREIGHT = MiniSite(
    host="haulmark.example",
    name="Haulmark",
    pages={
        "/": """
            # Book a pallet in two minutes
            Haulmark compares carriers, prints labels and tracks every pallet on one page.
            ## Who ships with Haulmark
            ### Freight forwarders
            Forwarders with 10 to 80 employees quote their customers in minutes.
            ### Food producers
            Dairies and bakeries keep the cold chain, with a temperature log on every trip.
            ### Importers
            Importers see customs papers and arrival times on one page.
            ## How it works
            ### Compare
            Prices of 60 carriers for every lane.
            ### Book
            One click for standard pallets.
            ## Questions
            ### Can we keep our carriers?
            Yes, your own rates are shown beside ours.
            ### Is there a contract?
            No.
            ## Good to know
            The following cannot use Haulmark:
            - Private individuals
            - Sellers of weapons
            ## What customers say
            “We stopped phoning around.”
            Rosa Lindqvist, Logistics Manager at Nordmilk
        """,
    },
    addressed=(("forwarder",), ("food producer",), ("importer",)),
    shut_out=("individual", "weapon", "seller"),
)

FIELDWORK = MiniSite(
    host="fieldnote.example",
    name="Fieldnote",
    menu=(("Use cases", "/use-cases"), ("Docs", "/docs"), ("Blog", "/blog")),
    pages={
        "/": """
            # Data from places without a network
            Fieldnote is a survey app designed for humanitarian organisations and research institutes.
            It helps monitoring officers collect answers offline and share them once a day.
            Fieldnote is free for registered charities.
        """,
        "/use-cases/household-surveys": """
            # Household surveys
            Interviewers walk from door to door with a tablet.
        """,
        "/use-cases/distribution-lists": """
            # Distribution lists
            Warehouses tick off what was handed out.
        """,
        "/docs": """
            # Documentation
            Users can export their answers. Administrators may invite users.
            ## Forms
            A form has fields for numbers, photos and answers.
        """,
        "/docs/api": """
            # REST API for developers
            Call the endpoint with a token. Developers use webhooks for new answers. Servers answer in JSON.
        """,
        "/docs/forms": """
            # Forms
            Choices are kept for other forms, too. Forms are ready for translators.
        """,
        "/blog/ten-tips-for-teachers": """
            # Ten tips for teachers
            Teachers love maps.
        """,
    },
    addressed=(
        ("humanitarian",), ("research institute",), ("monitoring officer",), ("charit", "nonprofit"), ("household",),
        ("distribution",), ("developer",),
    ),
    shut_out=("user",),
)  # fmt: skip

PERMITS = MiniSite(
    host="permits.example",
    name="Permit Desk",
    menu=(("Apply", "/apply"), ("Who can apply", "/who-can-apply"), ("Privacy", "/privacy")),
    pages={
        "/": """
            # Event permits in one form
            Permit Desk is a fast way for event organisers to apply for street closures.
            City councils and police departments use Permit Desk to decide together.
        """,
        "/who-can-apply": """
            # Who can apply
            Most organisations can use Permit Desk, for example:
            - registered associations
            - schools, including boarding schools
            - food truck operators
            Parish churches may be able to use Permit Desk if the event is open to everybody.
            Private landlords are not able to apply at this time.
            You will need to tell your legal team early.
        """,
        "/privacy": """
            # Privacy
            We collect names for payments. This notice is for journalists, suppliers and accountants who audit us.
        """,
    },
    addressed=(
        ("event organis",), ("council", "local authorit"), ("police",), ("association",), ("school",), ("food truck",),
        ("church",),
    ),
    shut_out=("landlord", "journalist", "supplier", "accountant"),
)  # fmt: skip

TRADES = MiniSite(
    host="lotwerk.example",
    name="Lotwerk",
    language="de",
    menu=(("Für Dachdecker", "/fuer-dachdecker"), ("Preise", "/preise")),
    pages={
        "/": """
            # Aufträge ohne Zettel
            Lotwerk ist eine Software für Handwerksbetriebe mit 3 bis 40 Mitarbeitern.
            ## Für wen Lotwerk gemacht ist
            - Malerbetriebe
            - Elektroinstallateure
            - Hausverwaltungen
            Lotwerk ist nicht für Privatpersonen geeignet.
        """,
        "/fuer-dachdecker": """
            # Lotwerk für Dachdecker
            Dachdecker planen Kolonnen nach Wetter.
        """,
        "/preise": """
            # Preise
            Ab 29 € im Monat, kündbar zum Monatsende.
        """,
    },
    addressed=(("handwerk",), ("malerbetrieb",), ("elektro",), ("hausverwaltung",), ("dachdecker",)),
    shut_out=("privatperson",),
)

ACCOUNTS = MiniSite(
    host="chiffrea.example",
    name="Chiffréa",
    language="fr",
    pages={
        "/": """
            # La comptabilité sans ressaisie
            Chiffréa est un logiciel conçu pour les cabinets d'expertise comptable et les associations sportives.
            ## Pour qui
            - Artisans
            - Professions libérales
            - Agences immobilières
            Chiffréa n'est pas destiné aux banques.
        """,
    },
    addressed=(("cabinet",), ("association",), ("artisan",), ("libéral",), ("immobili",)),
    shut_out=("banque",),
)

SITES = (PAYROLL, CLINICS, FREIGHT, FIELDWORK, PERMITS, TRADES, ACCOUNTS)
