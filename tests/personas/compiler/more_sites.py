"""More small invented sites: other trades, other ways to say whom one serves."""

from __future__ import annotations

from tests.personas.compiler.mini_sites import MiniSite

TUNWELL = MiniSite(
    host="tunwell.example",
    name="Tunwell",
    menu=(
        ("Product", "/product"),
        ("Breweries", "/industries/breweries"),
        ("Distilleries", "/industries/distilleries"),
        ("Cideries", "/industries/cideries"),
        ("Kombucha", "/industries/kombucha"),
        ("Customers", "/customers"),
    ),
    pages={
        "/": """
            # Brewing records that pass every inspection
            Tunwell keeps batch logs, duty returns and tank schedules together.
            Over 900 craft producers rely on Tunwell.
            ## Why Tunwell
            ### Duty in minutes
            Returns are drafted from the batch log.
            ### Tanks at a glance
            See what is fermenting where.
        """,
        "/industries/breweries": """
            # Breweries
            Head brewers plan tanks and yeast. Taprooms and brewpubs sell straight from the batch.
            ## The trouble with paper
            - Batch sheets go missing.
        """,
        "/industries/distilleries": """
            # Distilleries
            Casks are tracked for years.
        """,
        "/industries/cideries": """
            # Cideries
            Apples are weighed in.
        """,
        "/industries/kombucha": """
            # Kombucha makers
            Alcohol limits are watched.
        """,
        "/customers": """
            # Customers
            ### Old Mill Brewery
            Saved 12 hours a month.
            ### Harbour Spirits
            Uses it for casks.
        """,
        "/product": """
            # Product
            Tunwell works for single sites and for several sites. Reports for excise officers are printed.
            Made for brewers, not for accountants.
        """,
    },
    addressed=(("brewer",), ("distiller",), ("cider",), ("kombucha",)),
    shut_out=("accountant",),
)
PEWLIST = MiniSite(
    host="pewlist.example",
    name="Pewlist",
    pages={
        "/": """
            # Membership without spreadsheets
            Pewlist helps parishes, congregations and youth groups know who came, who gives and who needs a visit.
            Pewlist is used by over 3,000 volunteers and treasurers.
            ## Plans
            ### Chapel
            Up to 100 members. Ideal for small congregations.
            ### Minster
            For dioceses that look after many parishes.
            ## Is Pewlist for us?
            Whether you are a youth pastor or a church treasurer, you will find your way in ten minutes.
            Pewlist isn’t made for political parties.
            ## Contact
            Write to hello@pewlist.example or call +44 20 7946 0000.
        """,
    },
    addressed=(
        ("parish",),
        ("congregation",),
        ("youth group",),
        ("treasurer",),
        ("dioces",),
        ("youth pastor", "pastor"),
    ),
    shut_out=("part",),
)
LINGWORKS = MiniSite(
    host="lingworks.example",
    name="LingWorks",
    menu=(
        ("Solutions", "/solutions"),
        ("Localization teams", "/solutions/localization-teams"),
        ("Game studios", "/solutions/game-studios"),
        ("Translation memory", "/solutions/translation-memory"),
        ("Freelance translators", "/solutions/freelance-translators"),
        ("Careers", "/careers"),
    ),
    pages={
        "/": """
            # Translate once, ship everywhere
            LingWorks connects your repository with translators.
            Trusted by Northgate Games and Belltown Software.
            @ /solutions/game-studios See how studios ship
        """,
        "/solutions": """
            # Solutions
            ## By team
            ### Localization teams
            Keep every string in order.
            ### Product managers
            Know when a language is ready.
            ## By company size
            ### Startups
            Free for the first 1,000 words.
            ### Enterprise
            SSO and audit logs.
        """,
        "/solutions/localization-teams": """
            # Localization teams ship on time
            Localization teams with 3 to 30 people stop copying strings by hand.
        """,
        "/solutions/game-studios": """
            # Game studios
            Strings, subtitles and store pages in 40 languages.
        """,
        "/solutions/translation-memory": """
            # Translation memory
            Reuse what was translated before.
        """,
        "/solutions/freelance-translators": """
            # LingWorks for freelance translators
            Free for translators who work alone.
        """,
        "/careers": """
            # Careers
            We are looking for engineers and for designers. LingWorks is a great place for parents.
        """,
    },
    addressed=(
        ("localization",),
        ("game studio",),
        ("translator",),
        ("product manager",),
        ("startup",),
        ("enterprise",),
    ),
    shut_out=("parent", "designer"),
)
ROUTEWISE = MiniSite(
    host="routewise.example",
    name="Routewise",
    menu=(
        ("For dispatchers", "/for/dispatchers"),
        ("For drivers", "/for/drivers"),
        ("For fleet owners", "/for/fleet-owners"),
    ),
    pages={
        "/": """
            # Fewer empty miles
            Routewise plans tours for couriers, waste haulers and school bus operators.
            It works for fleets of 5 to 500 vehicles. It is not designed for taxi companies.
            Drivers get their tour on the phone.
        """,
        "/for/dispatchers": """
            # Dispatchers see the day before it starts
            Changes are sent in seconds.
        """,
        "/for/drivers": """
            # Drivers
            One list, no calls.
        """,
        "/for/fleet-owners": """
            # Fleet owners
            Fuel falls by 11% on average.
        """,
    },
    addressed=(
        ("dispatcher",),
        ("driver",),
        ("fleet owner",),
        ("courier",),
        ("waste hauler",),
        ("bus operator",),
    ),
    shut_out=("taxi",),
)
HALLKEEP = MiniSite(
    host="hallkeep.example",
    name="Hallkeep",
    pages={
        "/": """
            # Tickets, tours and members in one till
            Hallkeep is ticketing software for museums, galleries, botanical gardens and heritage sites.
            ## Loved by front-of-house teams
            School groups are booked in two clicks. Visitors pay by phone.
            ## For every department
            - Box office
            - Education teams
            - Fundraising
            ## Pricing
            Pay per visitor. Free for exhibitions without an entrance fee.
            ## FAQ
            ### Is it suitable for cinemas?
            No, seats are not numbered.
            ### Can we import members?
            Yes.
        """,
    },
    addressed=(
        ("museum",),
        ("galler",),
        ("garden",),
        ("heritage",),
        ("front-of-house",),
        ("box office",),
        ("education team",),
        ("fundraising",),
    ),
    shut_out=("visitor", "cinema"),
)
CLAUSEA = MiniSite(
    host="clausea.example",
    name="Clausea",
    pages={
        "/": """
            # Contracts that read themselves
            We work with in-house counsel, procurement departments and law firms with 10 to 200 lawyers.
            Clausea finds risky clauses in seconds. Sales reps get answers without waiting for legal.
            ## Results
            Brightwater, an insurer with 4,000 employees, reviews contracts 60% faster.
        """,
        "/legal/privacy": """
            # Privacy
            For customers and for visitors. We share data with processors.
        """,
        "/about": """
            # About us
            Built by lawyers for lawyers. Our engineers and designers sit in Ghent.
            Dana Wouters, CEO at Clausea
        """,
    },
    addressed=(("counsel",), ("procurement",), ("law firm", "lawyer")),
    shut_out=("visitor", "processor"),
)
SOLGRID = MiniSite(
    host="solgrid.example",
    name="Solgrid",
    menu=(
        ("Platform", "/platform"),
        ("Who we serve", "/who-we-serve"),
        ("Utilities", "/who-we-serve/utilities"),
        ("Housing cooperatives", "/who-we-serve/housing-cooperatives"),
        ("Solar installers", "/who-we-serve/solar-installers"),
        ("Company", "/company"),
        ("Support", "/support"),
    ),
    pages={
        "/": """
            # Energy sharing without the spreadsheets
            Solgrid settles shared solar power every quarter of an hour.
            ## Trusted across Europe
            42,000 households are billed through Solgrid.
            ## Ready when you are
            Start in days, with no hardware to install.
            @ /company Talk to us
        """,
        "/who-we-serve": """
            # Who we serve
            ### Utilities
            Retain customers with shared tariffs.
            ### Housing cooperatives
            Bill tenants fairly.
            ### Solar installers
            Sell more than panels.
        """,
        "/who-we-serve/utilities": """
            # A settlement engine utilities can trust
            Utilities with 200 to 5,000 staff run pilots in one quarter.
        """,
        "/who-we-serve/housing-cooperatives": """
            # Housing cooperatives
            Boards approve the tariff once a year.
        """,
        "/who-we-serve/solar-installers": """
            # Grow with recurring revenue
            Installers earn a share of every bill.
        """,
        "/platform": """
            # Platform
            ## For meters
            We read smart meters from twelve makers.
            ## For invoices
            PDF and e-invoices.
        """,
        "/support": """
            # Support
            Users can reset passwords. Tenants ask their cooperative.
        """,
    },
    addressed=(("utilit",), ("housing coop",), ("installer",)),
    shut_out=("tenant", "household"),
)
PETPAL = MiniSite(
    host="petpal.example",
    name="PetPal",
    pages={
        "/": """
            # Pet cover that pays the vet directly
            PetPal insures dogs, cats and rabbits. Claims are paid in 48 hours.
            ## Choose the cover that fits
            ### Essential
            For first-time pet owners. £9 a month.
            ### Breeder
            For licensed breeders with up to 20 animals. £39 a month.
            ### Rescue
            Designed for shelters and rehoming charities.
            ## Not covered
            We do not insure racing greyhounds. Zoos are not eligible to join.
            ## Vets
            Are you a vet? Veterinary practices can join the PetPal network free of charge.
        """,
    },
    addressed=(("pet owner",), ("breeder",), ("shelter",), ("rehoming", "charit"), ("vet",)),
    shut_out=("zoo", "greyhound"),
)
DEVTRACE = MiniSite(
    host="devtrace.example",
    name="Devtrace",
    menu=(("Docs", "/docs"), ("Pricing", "/pricing")),
    pages={
        "/": """
            # Find the commit that broke it
            Devtrace watches your builds and points to the change. It speaks Python, Go and Rust.
            Loved by platform engineers and release managers.
        """,
        "/docs": """
            # Docs
            ## Install
            Run the installer. Containers, servers and runners are supported.
            ## For maintainers of open source projects
            Public repositories are free.
        """,
        "/docs/webhooks": """
            # Webhooks
            Subscribers receive payloads. Headers hold the signature.
        """,
        "/pricing": """
            # Pricing
            ### Hobby
            Free for individual developers and students.
            ### Team
            For engineering teams of 5 to 50. $12 per developer per month.
            ### Enterprise
            For regulated industries and large organisations. Contact sales.
        """,
    },
    addressed=(
        ("platform engineer",),
        ("release manager",),
        ("maintainer",),
        ("developer",),
        ("engineering team", "developer"),
        ("enterprise", "large organ"),
        ("student",),
    ),
    shut_out=("subscriber", "server"),
)
RURAL_GRANTS = MiniSite(
    host="gov-grants.example",
    name="Rural Grants",
    pages={
        "/": """
            # Rural development grants
            Grants are open to farmers, foresters and rural tourism businesses.
            You can apply if you are a community group or a village hall committee.
            ## Who cannot apply
            - Public limited companies
            - Political parties
            ## Before you apply
            Land agents may apply on behalf of landowners.
        """,
        "/guidance": """
            # Guidance for applicants
            Applicants must keep receipts.
        """,
        "/guidance/dairy": """
            # Guidance for dairy farmers
            Milking parlours can be funded.
        """,
    },
    addressed=(
        ("farmer",),
        ("forester",),
        ("tourism",),
        ("community group",),
        ("village hall",),
        ("land agent",),
    ),
    shut_out=("limited", "part", "applicant"),
)
STAGEHAND = MiniSite(
    host="stagehand.example",
    name="Stagehand",
    menu=(
        ("Use cases", "/use-cases"),
        ("Festivals", "/use-cases/festivals"),
        ("Corporate events", "/use-cases/corporate-events"),
        ("Touring productions", "/use-cases/touring-productions"),
        ("Crew scheduling", "/features/crew-scheduling"),
        ("Rate cards", "/features/rate-cards"),
    ),
    pages={
        "/": """
            # Crew booked, trucks loaded, show on
            Stagehand is used by production companies, rental houses and venues in 14 countries.
            “Finally one call sheet.”
            Mika Saarinen, Technical Director at Nord Arena
        """,
        "/use-cases/festivals": """
            # Festivals
            Twelve stages, one schedule. Production managers see every crew.
        """,
        "/use-cases/corporate-events": """
            # Corporate events
            Quotes in ten minutes.
        """,
        "/use-cases/touring-productions": """
            # Touring productions
            Carry the rig from city to city.
        """,
        "/features/crew-scheduling": """
            # Crew scheduling
            For shifts and for breaks.
        """,
        "/features/rate-cards": """
            # Rate cards
            One price list for every client.
        """,
    },
    addressed=(
        ("production compan",),
        ("rental house",),
        ("venue",),
        ("festival",),
        ("corporate event",),
        ("touring production",),
    ),
    shut_out=("crew sched", "rate card", "client"),
)
BUFETE = MiniSite(
    host="bufete.example",
    name="Bufete",
    language="es",
    menu=(("Para abogados", "/para-abogados"), ("Precios", "/precios")),
    pages={
        "/": """
            # Su despacho sin papeles
            Bufete es un programa pensado para despachos de abogados y asesorías fiscales.
            Ayudamos a notarías y a departamentos jurídicos. Bufete no es para estudiantes.
        """,
        "/para-abogados": """
            # Bufete para abogados
            Los abogados controlan plazos y minutas.
        """,
        "/precios": """
            # Precios
            Desde 29 € al mes.
        """,
    },
    addressed=(("abogado", "despacho"), ("asesor",), ("notar",), ("departamentos jur",)),
    shut_out=("estudiante",),
)

MORE_SITES = (
    TUNWELL,
    PEWLIST,
    LINGWORKS,
    ROUTEWISE,
    HALLKEEP,
    CLAUSEA,
    SOLGRID,
    PETPAL,
    DEVTRACE,
    RURAL_GRANTS,
    STAGEHAND,
    BUFETE,
)
