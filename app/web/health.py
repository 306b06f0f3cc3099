"""Is it up, is it ready, which version is it, what do the meters say."""

from http import HTTPStatus
from ipaddress import ip_address

from apiflask import APIBlueprint
from flask import Response, abort, current_app, request

from app import metrics
from app.extensions import current_settings
from app.schema import SchemaWatch
from app.version import VERSION
from app.web.access import Level, may
from app.web.inks import reader
from app.web.problems import problem
from app.web.schemas import HealthOut, ReadyOut, VersionOut

health = APIBlueprint("health", __name__, tag="Running it")


@health.get("/health")
@health.output(HealthOut)
@may(Level.PUBLIC)
def alive() -> dict[str, str]:
    """Say that the process answers; this depends on nothing else."""
    return {"Status": "Running"}


@health.get("/ready")
@health.output(ReadyOut)
@may(Level.PUBLIC)
def ready() -> dict[str, object] | Response:
    """Say whether models are warm and the schema was seen current; 503 until then."""
    if not reader().versions:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "No model could be loaded; see the log.")
    schema: SchemaWatch = current_app.extensions["inkloop.schema"]
    schema.look()
    if not schema.seen_current:
        detail = "The database does not answer or lacks its tables. Run: flask db upgrade"
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail)
    return {"status": "ready", "database": schema.answers, "models": reader().versions}


@health.get("/version")
@health.output(VersionOut)
@may(Level.PUBLIC)
def version() -> dict[str, object]:
    """Name the version of the app and of each model."""
    return {"version": VERSION, "models": reader().versions}


@health.get("/metrics")
@may(Level.PUBLIC)
def meters() -> Response:
    """Return Prometheus text, to loopback and to the networks that METRICS_ALLOW names."""
    if not _may_read_metrics():
        abort(HTTPStatus.NOT_FOUND)
    return Response(metrics.page(), content_type=metrics.CONTENT_TYPE)


def _may_read_metrics() -> bool:
    settings = current_settings()
    address = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104  # no address: refused
    return address.is_loopback or any(address in network for network in settings.metrics_allow)
