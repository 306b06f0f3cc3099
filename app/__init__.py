"""Inkloop reads handwriting and learns from its mistakes."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apiflask import APIFlask

    from app.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
MAX_BODY_BYTES = 8 * 1024 * 1024
MAX_FORM_BYTES = 128 * 1024  # of a form's fields; werkzeug reads files 64 KiB at a time within it


def create_app(settings: "Settings | None" = None) -> "APIFlask":
    """Build the Flask app: settings, extensions, blueprints, errors.

    Imports happen in here, so that `import app.ink` brings no Flask along.

    Raises:
        SettingsError: a setting is missing or unsafe.
    """
    from apiflask import APIFlask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from app import commands, extensions
    from app.accounts import tokens
    from app.accounts.commands import users as users_commands
    from app.feedback.commands import feedback as feedback_commands
    from app.feedback.sheet.commands import sheets as sheets_commands
    from app.recognition import swapping
    from app.recognition.lexicon import load_lexicon
    from app.recognition.receipts import Receipts
    from app.schema import SchemaWatch
    from app.settings import load_settings
    from app.version import VERSION
    from app.web import access, audit, bodies, forms, openapi, problems, responses
    from app.web.blueprints import BLUEPRINTS
    from app.web.model_commands import models

    settings = settings or load_settings()
    app = APIFlask(
        "app",
        title="Inkloop",
        version=VERSION,
        docs_path=None,  # APIFlask's page needs another host's scripts
        json_errors=False,
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        DEBUG=settings.debug,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        MAX_FORM_PARTS=10,
        SESSION_COOKIE_NAME="__Host-form" if settings.cookies_secure else "form",
        SESSION_COOKIE_SECURE=settings.cookies_secure,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    swapper = swapping.serve(settings.inkloop_models, load_lexicon(settings.lexicon))
    ours = {
        "settings": settings,
        "schema": SchemaWatch(),
        "receipts": Receipts(settings.secret_key),
        "reader": swapper.reader,
        "registry": swapper.registry,
        "swapper": swapper,
    }
    app.extensions.update({f"inkloop.{name}": one for name, one in ours.items()})

    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    extensions.init_app(app, settings)
    commands.init_app(app)
    for group in (users_commands, sheets_commands, feedback_commands, models):
        app.cli.add_command(group)
    tokens.init_app(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    audit.init_app(app)
    access.init_app(app, settings)
    forms.init_app(app)
    bodies.init_app(app)
    responses.init_app(app, settings)
    problems.init_app(app)
    openapi.init_app(app)
    return app
