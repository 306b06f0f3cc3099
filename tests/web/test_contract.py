"""Schemathesis: requests made from our own document, and answers held against it."""

import pytest
import schemathesis
from apiflask import APIFlask
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from app.accounts.tables import Role
from app.web.openapi import ERRORS

from ..people import bearer

EXAMPLES = 60
ROUTES = [(*route, mode) for route in ERRORS for mode in GenerationMode]
NOTHING_TO_MISUSE = {  # they take nothing
    ("/health", "get"), ("/ready", "get"), ("/version", "get"), ("/metrics", "get"),
    ("/check-token", "get"), ("/api/refresh", "post"), ("/api/logout", "post"), ("/api/me", "get"),
    ("/api/mine", "get"), ("/api/mine", "delete"), ("/api/users", "get"),
}  # fmt: skip
AT_THE_DOOR = {"/login", "/check-token", "/api/login", "/api/register", "/api/refresh"}


@pytest.mark.usefixtures("scanned")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # closes no files
@pytest.mark.parametrize(("path", "method", "mode"), ROUTES, ids=str)
def test_what_is_answered_is_what_the_document_says(
    app: APIFlask, path: str, method: str, mode: GenerationMode
) -> None:
    if (path, method) in NOTHING_TO_MISUSE and mode == GenerationMode.NEGATIVE:
        return
    headers = {} if path in AT_THE_DOOR else bearer("root", Role.ADMIN)
    operation = schemathesis.openapi.from_wsgi("/openapi.json", app)[path][method]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        # a schema cannot say that bytes are a picture, a string a receipt, a label the model's
        excluded = [positive_data_acceptance] if method in ("post", "put") else []
        excluded.append(ignored_auth)  # it takes our own header for one that it made up
        if case.media_type == "multipart/form-data":  # where a list of one is the one
            excluded.append(negative_data_rejection)
        response = case.call(headers=headers)
        if response.status_code == 413:  # a refusal too, of which that check does not know
            excluded.append(negative_data_rejection)
        case.validate_response(response, excluded_checks=excluded)

    check()
