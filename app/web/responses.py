"""What every response carries: a strict content policy, and its line in the counters."""

from http import HTTPStatus

from flask import Flask, Response, abort, request

from app import metrics
from app.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
YEAR_S = 31_536_000


def init_app(app: Flask, settings: Settings) -> None:
    """Add headers to every response and count it; on METRICS_PORT answer /metrics alone."""
    metrics_port = settings.metrics_port
    fixed = HEADERS | (
        {"Strict-Transport-Security": f"max-age={YEAR_S}"} if settings.production else {}
    )

    @app.before_request
    def keep_metrics_apart() -> None:
        on_metrics_port = request.environ.get("SERVER_PORT") == str(metrics_port)
        if on_metrics_port and request.endpoint != "health.meters":
            abort(HTTPStatus.NOT_FOUND)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        _count(response.status_code)
        return response


def _count(status: int) -> None:
    handler = request.url_rule.rule if request.url_rule else "none"
    metrics.http_requests_total.labels(handler, _known(request.method), status).inc()


def _known(method: str) -> str:
    """Return the method, or a word for those that somebody made up."""
    return method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
