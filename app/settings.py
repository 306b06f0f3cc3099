"""Every setting, typed, from the environment or a .env file; unsafe production is refused."""

import os
import secrets
import time
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

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
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.errors import SettingsError
from app.production import unsafe

LOOPBACK = ("127.0.0.1", "localhost", "::1")
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
        "",
        description="Languages of the words that readings are weighed against, `en,de` where not"
        " set; files of words; or `none`.",
    )
    database_url: str = Field(
        "",
        description="`mysql+pymysql://user:password@host/name`; empty: SQLite in `INKLOOP_VAR`.",
        repr=False,
    )
    google_credentials: Path = Field(
        Path("token.json"), description="A service account's key; without it there is no sheet."
    )
    sheet_key: str = Field(
        "", description="The spreadsheet that corrections are mirrored to, by its key."
    )
    sheet_title: str = Field(
        "Handwriting-recognition", description="The spreadsheet by its title, where no key is set."
    )
    sheets_base_url: str = Field(
        "", description="For tests: a server on this machine in place of Google's."
    )
    sheets_haste: float = Field(
        1.0,
        ge=1,
        description="For tests: how many times as quick all waiting is, with that server.",
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
    keep_generated: bool = Field(
        False, description="Keep what `/generate` makes as PNG files, in `processed` of the data."
    )
    keep_generated_most: int = Field(1_000, ge=1, description="Files kept of those; the oldest go.")
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
    def has_sheet(self) -> bool:
        """Say whether corrections are mirrored to a spreadsheet."""
        return self.google_credentials.is_file()

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

    @field_validator("sheets_base_url")
    @classmethod
    def _stay_here(cls, url: str) -> str:
        if url and urlsplit(url).hostname not in LOOPBACK:
            raise ValueError(f"it is for tests, and leads to {' or '.join(LOOPBACK)} only")
        return url

    @field_validator("sheet_title")
    @classmethod
    def _quote_nothing(cls, title: str) -> str:
        if not title or '"' in title or "\\" in title:
            raise ValueError("a title has no quotes and no backslashes")
        return title

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
