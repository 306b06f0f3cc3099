"""Every setting, typed, from the environment or a .env file; unsafe production is refused."""

import os
import secrets
import stat
import time
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from limits import parse_many
from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.errors import SettingsError

MIN_SECRET_BYTES = 32
MIN_DATABASE_PASSWORD = 8
WELL_KNOWN = (
    "change", "default", "development", "example", "inkloop",
    "letmein", "password", "qwerty", "secret",
)  # fmt: skip
AS_LETTERS = str.maketrans("013457@$", "oleastas")  # how well-known words are disguised
FEWEST_CHARACTERS, FEWEST_STEPS = 12, 10  # that a random secret has, from one character to the next
DATABASES = ("sqlite:///", "mysql+pymysql://")
PRIVATE_RANGES = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"


def _comma_separated(value: object) -> object:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


Networks = Annotated[list[IPv4Network | IPv6Network], NoDecode, BeforeValidator(_comma_separated)]


class Settings(BaseSettings):
    """What a person who runs Inkloop can set. docs/settings.md is the table of these."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    app_env: Literal["development", "production"] = Field(
        "development", description="`production` refuses unsafe settings at the start."
    )
    debug: bool = Field(
        False,
        validation_alias=AliasChoices("debug", "flask_debug"),
        description="Flask's debug mode; refused in production.",
    )
    secret_key: str = Field(
        "",
        description="Signs receipts and tokens; at least 32 random bytes. Development makes one.",
        repr=False,
    )
    secret_key_before: str = Field(
        "",
        description="The key before this one: what it signed stays good, until this is emptied.",
        repr=False,
    )
    login_required: bool = Field(
        False, description="Drawing and correcting are for people who signed in."
    )
    registration: bool = Field(
        True, description="People make their own accounts; off: `flask users create` alone does."
    )
    host: str = Field("127.0.0.1", description="Address to listen on; `0.0.0.0` for a LAN.")
    port: int = Field(5000, ge=1, le=65535, description="Port to listen on.")
    web_concurrency: int = Field(2, ge=1, le=64, description="Worker processes.")
    web_threads: int = Field(4, ge=1, le=256, description="Threads in a worker.")
    inkloop_var: Path = Field(
        Path("var"), description="Folder for what the app itself writes: database, secret, models."
    )
    inkloop_models: Path = Field(
        Path("var/models"), description="Folder of new model versions, looked up before `models/`."
    )
    inkloop_data: Path = Field(
        Path("data"), description="Folder of MNIST and UNIPEN, for training and measuring."
    )
    lexicon: str = Field(
        "", description="File of words, with counts, that readings are weighed against; or `none`."
    )
    database_url: str = Field(
        "",
        description="`mysql+pymysql://user:password@host/name`; empty: SQLite in `INKLOOP_VAR`.",
        repr=False,
    )
    session_cookie_secure: bool | None = Field(
        None, description="Cookies over https only; on in production, where off is refused."
    )
    ratelimit_enabled: bool | None = Field(
        None, description="Limit requests by address; on in production, off in development."
    )
    ratelimit_predict: str = Field("50/second", description="Readings allowed to one address.")
    ratelimit_feedback: str = Field("120/minute", description="Corrections allowed to one address.")
    ratelimit_login: str = Field(
        "30/minute", description="Tries to sign in, and the like, allowed to one address."
    )
    ratelimit_storage_uri: str = Field(
        "memory://",
        description="Where counts live: per worker, or `redis://…` for all.",
        repr=False,
    )
    trusted_proxies: int = Field(
        0, ge=0, le=8, description="Reverse proxies in front, whose X-Forwarded-For is believed."
    )
    metrics_allow: Networks = Field(
        default=PRIVATE_RANGES,  # parsed like the variable
        validate_default=True,
        description="Networks that may read /metrics, beside loopback.",
    )
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="A second port, for /metrics; 8000 is the usual one."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="What is logged."
    )

    @property
    def production(self) -> bool:
        """Say whether this is the real thing."""
        return self.app_env == "production"

    @property
    def cookies_secure(self) -> bool:
        """Say whether cookies travel over https only."""
        return self.production if self.session_cookie_secure is None else self.session_cookie_secure

    @property
    def limits_enabled(self) -> bool:
        """Say whether requests are limited by address."""
        return self.production if self.ratelimit_enabled is None else self.ratelimit_enabled

    @property
    def sqlalchemy_url(self) -> str:
        """Return the database's URL."""
        return self.database_url or f"sqlite:///{(self.inkloop_var / 'inkloop.db').resolve()}"

    @field_validator("database_url")
    @classmethod
    def _know_the_database(cls, url: str) -> str:
        if url and not url.startswith(DATABASES):
            raise ValueError(f"it begins with none of {', '.join(DATABASES)}")
        try:
            make_url(url or DATABASES[0])
        except (ArgumentError, ValueError):
            raise ValueError("it is no URL as mysql+pymysql://user:password@host/name") from None
        return url

    @field_validator("ratelimit_predict", "ratelimit_feedback", "ratelimit_login")
    @classmethod
    def _know_the_limit(cls, limit: str) -> str:
        try:
            parse_many(limit)
        except ValueError:
            raise ValueError("it is no limit as 30/minute") from None
        return limit

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        found = next(unsafe(self), None) if self.production else None
        if found:
            raise ValueError(found)
        return self


def unsafe(settings: Settings) -> Iterator[str]:
    """Say, a line each, what is not safe for the real thing, and what to do."""
    if not settings.secret_key or is_weak(settings.secret_key):
        yield (
            f"SECRET_KEY is missing, short or well known; production needs {MIN_SECRET_BYTES} "
            'random bytes: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if settings.secret_key_before and is_weak(settings.secret_key_before):
        yield "SECRET_KEY_BEFORE is short or well known; empty it, which signs everybody out"
    if settings.debug:
        yield "DEBUG is on; production runs without it"
    if not settings.cookies_secure:
        yield "SESSION_COOKIE_SECURE is off; production sends cookies over https"
    if not settings.limits_enabled:
        yield "RATELIMIT_ENABLED is off; production limits requests by address"
    if any(network.prefixlen == 0 for network in settings.metrics_allow):
        yield "METRICS_ALLOW lets the whole internet read /metrics; name networks"
    if settings.log_level == "DEBUG":
        yield "LOG_LEVEL is DEBUG, which may log what people send; production takes INFO"
    if settings.database_url.startswith("mysql"):
        yield from _unsafe_database(make_url(settings.database_url))
    for folder in (settings.inkloop_var, settings.inkloop_models):
        if folder.is_dir() and folder.stat().st_mode & stat.S_IWOTH:
            yield f"{folder} may be written by everybody; run: chmod o-w {folder}"


def _unsafe_database(url: URL) -> Iterator[str]:
    password = str(url.password or "")
    if not password:
        yield "DATABASE_URL has no password; give the database's user one"
    elif password == url.username or len(password) < MIN_DATABASE_PASSWORD or _is_known(password):
        yield "DATABASE_URL has a password that is short or well known; give the user another one"
    if url.username == "root":
        yield "DATABASE_URL signs in as root; make a user that owns this database alone"


def load_settings() -> Settings:
    """Read the settings, and in development make up the secret that is missing.

    Raises:
        SettingsError: one clear line about the first setting that cannot be used.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else ""
        message = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name}: {message}" if name else message) from None
    if settings.secret_key:
        return settings
    return settings.model_copy(update={"secret_key": kept_secret(settings.inkloop_var)})


def kept_secret(folder: Path) -> str:
    """Return the folder's secret; the first process to ask makes it, and only once."""
    path = folder / "secret_key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _written(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return _written(path)


def _written(path: Path, patience_s: float = 2.0) -> str:
    """Read the secret that another process may still be writing."""
    until = time.monotonic() + patience_s
    while not (secret := path.read_text()):
        if time.monotonic() > until:
            raise SettingsError(f"{path} is empty; delete it and start again")
        time.sleep(0.01)
    return secret


def is_weak(secret: str) -> bool:
    """Say whether a secret is short, of a plain pattern or spells a well-known word."""
    steps = {ord(after) - ord(before) for before, after in pairwise(secret)}
    is_plain = len(set(secret)) < FEWEST_CHARACTERS or len(steps) < FEWEST_STEPS
    return len(secret.encode()) < MIN_SECRET_BYTES or is_plain or _is_known(secret)


def _is_known(secret: str) -> bool:
    lowered = secret.lower()
    return any(
        word in text for text in (lowered, lowered.translate(AS_LETTERS)) for word in WELL_KNOWN
    )
