"""What every response carries: a strict content policy, and its line in the counters."""

from flask import Flask, Response, request

from app import metrics

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


def init_app(app: Flask, *, https_only: bool) -> None:
    """Add headers to every response and count it."""
    fixed = HEADERS | ({"Strict-Transport-Security": f"max-age={YEAR_S}"} if https_only else {})

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
