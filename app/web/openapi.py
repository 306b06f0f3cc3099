"""What APIFlask cannot know of our routes: bodies they parse themselves, headers, every error."""

import re
from typing import Any

from apiflask import APIFlask
from pydantic import BaseModel

from app.accounts.tables import Role
from app.web import examples
from app.web.access import Level, level_of
from app.web.number_schemas import ComposeIn, GenerateIn
from app.web.people_schemas import AccountIn, ChangePasswordIn, ChangeUserIn, PasswordIn, SignInIn
from app.web.schemas import FeedbackIn, HelpDataIn, ImageDataIn, PredictIn, Problem

REFERENCE = "#/components/schemas/{model}"
BODIES: dict[tuple[str, str], type[BaseModel]] = {
    ("/api/predict", "post"): PredictIn,
    ("/api/feedback", "post"): FeedbackIn,
    ("/helpdata", "post"): HelpDataIn,
    ("/predict/", "post"): ImageDataIn,
    ("/generate", "post"): GenerateIn,
    ("/generate", "put"): GenerateIn,
    ("/api/compose", "post"): ComposeIn,
    ("/login", "post"): SignInIn,
    ("/api/register", "post"): AccountIn,
    ("/api/login", "post"): SignInIn,
    ("/api/me/password", "put"): ChangePasswordIn,
    ("/api/me", "delete"): PasswordIn,
    ("/api/users/{user_id}", "patch"): ChangeUserIn,
}
WITHDRAW = ("/api/feedback/{correction_id}", "delete")
WHY = {
    "400": "The body is not strict JSON, or a header or form is malformed.",
    "401": "There is no token, or it is no good any more, or a password is wrong.",
    "403": "Who asks may not, or another site's page made a browser send this.",
    "404": "There is no such thing, or not for who asks.",
    "409": "The Idempotency-Key came before with other content, or the name is taken.",
    "410": "The correction was withdrawn and stays so.",
    "413": "The body is over 8 MiB, or the form has too many or too long fields.",
    "415": "The content type is neither JSON nor, for a reading, multipart/form-data.",
    "422": "The body is well formed, but a field, the ink or the picture cannot be used.",
    "429": "Too many requests from this address, or too many wrong passwords.",
    "503": "A part that is needed cannot answer now, or too many large requests are at work.",
}
BODY_ERRORS = ("400", "413", "415", "422", "429")
GENERATE_ERRORS = ("400", "413", "415", "429")  # as older clients know it: 400 for wrong fields
ACCOUNT_ERRORS = ("401", "403", "503")
ERRORS: dict[tuple[str, str], tuple[str, ...]] = {
    ("/api/predict", "post"): (*BODY_ERRORS, *ACCOUNT_ERRORS),
    ("/api/feedback", "post"): (*BODY_ERRORS, *ACCOUNT_ERRORS, "409", "410"),
    WITHDRAW: (*ACCOUNT_ERRORS, "404", "429"),
    ("/helpdata", "post"): (*BODY_ERRORS, *ACCOUNT_ERRORS, "409", "410"),
    ("/predict/", "post"): (*BODY_ERRORS, *ACCOUNT_ERRORS),
    ("/generate", "post"): (*GENERATE_ERRORS, *ACCOUNT_ERRORS),
    ("/generate", "put"): (*GENERATE_ERRORS, *ACCOUNT_ERRORS),
    ("/api/compose", "post"): (*BODY_ERRORS, *ACCOUNT_ERRORS),
    ("/login", "post"): (*BODY_ERRORS, *ACCOUNT_ERRORS),
    ("/check-token", "get"): ("503",),
    ("/api/register", "post"): (*BODY_ERRORS, "403", "409", "503"),
    ("/api/login", "post"): (*BODY_ERRORS, *ACCOUNT_ERRORS),
    ("/api/refresh", "post"): (*ACCOUNT_ERRORS, "429"),
    ("/api/logout", "post"): ("403", "503"),
    ("/api/me", "get"): ("401", "503"),
    ("/api/me/password", "put"): (*BODY_ERRORS, *ACCOUNT_ERRORS),
    ("/api/me", "delete"): (*BODY_ERRORS, *ACCOUNT_ERRORS),
    ("/api/mine", "get"): ("401", "503"),
    ("/api/mine", "delete"): ACCOUNT_ERRORS,
    ("/api/mine/{correction_id}/picture", "get"): ("401", "404", "503"),
    ("/api/mine/export/{form}", "get"): ("401", "404", "503"),
    ("/api/users", "get"): ACCOUNT_ERRORS,
    ("/api/users/{user_id}", "patch"): (*BODY_ERRORS, *ACCOUNT_ERRORS, "404"),
    ("/health", "get"): (),
    ("/ready", "get"): ("503",),
    ("/version", "get"): (),
    ("/metrics", "get"): ("404",),
}
FILE = {"type": "string", "format": "binary", "description": "A PNG or JPEG picture."}
OLD_FILE_FORM = {"type": "object", "required": ["file"], "properties": {"file": FILE}}
FILE_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": FILE,
        "kind": {"type": "string", "enum": ["digit", "character", "word", "auto"]},
        "top": {"type": "integer", "minimum": 1, "maximum": 10},
        "seen": {"type": "boolean"},
        "words": {"type": "string", "description": "Words that may be written, commas between."},
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes it safe to send the same correction again: 1 to 128 printable ASCII.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[ -~]+$"},
    "example": examples.KEY,
}
ACCEPT_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "description": "Words of the language that is preferred are read rather than others.",
    "schema": {"type": "string"},
    "example": "de-AT, en;q=0.8",
}
SECONDS = {"schema": {"type": "integer", "minimum": 0}}
RETRY_AFTER = {"Retry-After": SECONDS | {"description": "Seconds to wait before the next try."}}
LIMIT_HEADERS = {
    "X-RateLimit-Limit": SECONDS
    | {"description": "Requests allowed in the window. These three come where limits are on."},
    "X-RateLimit-Remaining": SECONDS | {"description": "Requests left in the window."},
    "X-RateLimit-Reset": SECONDS | {"description": "When the window ends, in seconds since 1970."},
}


SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "older": {"type": "apiKey", "in": "header", "name": "x-access-token"},
}
SIGNED_IN: list[dict[str, list[str]]] = [{name: []} for name in SCHEMES]
FORMS = ("csv", "strokes", "pictures")
BINARY = {"schema": {"type": "string", "format": "binary"}}

Operation = dict[str, Any]


def init_app(app: APIFlask) -> None:
    """Complete the document at /openapi.json."""
    app.config["OPENAPI_VERSION"] = "3.1.0"  # pydantic writes JSON Schema as 3.1 takes it
    app.config["AUTO_OPERATION_ID"] = True
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False  # ours are told below
    app.config["AUTO_404_RESPONSE"] = False
    app.config["INFO"] = {
        "description": "Reads handwriting. Errors are RFC 9457 problem details.",
        "license": {"name": "MIT", "identifier": "MIT"},
    }
    app.config["SECURITY_SCHEMES"] = SCHEMES

    @app.spec_processor
    def complete(spec: dict[str, Any] | str) -> dict[str, Any] | str:
        if isinstance(spec, dict):  # always: SPEC_FORMAT is json
            _complete(spec)
            _add_who_may(spec, app)
        return spec


def _complete(spec: dict[str, Any]) -> None:
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    for route, model in BODIES.items():
        schema = model.model_json_schema(ref_template=REFERENCE)
        schemas |= schema.pop("$defs", {})
        schemas[model.__name__] = schema
        _add_body(_operation(spec, route), route, model)
    for route, statuses in ERRORS.items():
        _add_errors(_operation(spec, route), statuses)
    for route, (status, example) in examples.ANSWERS.items():
        answer = _operation(spec, route)["responses"][status]
        answer["content"]["application/json"]["example"] = example
    _add_what_is_special(spec)
    _add_what_is_no_json(spec)


def _operation(spec: dict[str, Any], route: tuple[str, str]) -> Operation:
    path, method = route
    operation: Operation = spec["paths"][path][method]
    return operation


def _add_body(operation: Operation, route: tuple[str, str], model: type[BaseModel]) -> None:
    shown = {name: {"value": value} for name, value in examples.REQUESTS[route].items()}
    json = {"schema": {"$ref": REFERENCE.format(model=model.__name__)}, "examples": shown}
    operation["requestBody"] = {"required": True, "content": {"application/json": json}}


def _add_errors(operation: Operation, statuses: tuple[str, ...]) -> None:
    schema = {"$ref": REFERENCE.format(model="Problem")}
    for status in statuses:
        content = {"schema": schema, "example": examples.problem(status)}
        answer = {"description": WHY[status], "content": {"application/problem+json": content}}
        if status in ("429", "503"):
            answer["headers"] = RETRY_AFTER
        operation["responses"][status] = answer
    if "429" in statuses:
        for answer in operation["responses"].values():
            answer["headers"] = answer.get("headers", {}) | LIMIT_HEADERS


def _add_who_may(spec: dict[str, Any], app: APIFlask) -> None:
    """Tell of every operation whether a token is needed (users), taken (the sheet) or neither."""
    for rule in app.url_map.iter_rules():
        path = spec["paths"].get(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), {})
        for method in {name.lower() for name in rule.methods or ()} & path.keys():
            level = level_of(rule.endpoint)
            if isinstance(level.value, Role):
                path[method]["security"] = SIGNED_IN
            elif level == Level.SHEET:
                path[method]["security"] = [{}, *SIGNED_IN]


def _add_what_is_special(spec: dict[str, Any]) -> None:
    for path in ("/api/feedback", "/helpdata"):
        operation = _operation(spec, (path, "post"))
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    for path in ("/api/predict", "/predict/"):
        operation = _operation(spec, (path, "post"))
        operation.setdefault("parameters", []).append(ACCEPT_LANGUAGE)
    for methods in spec["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    parameter.update(_path_parameter(parameter["name"]))
    listing = _operation(spec, ("/api/mine", "get"))
    page = {"type": "integer", "minimum": 1}
    listing["parameters"] = [{"name": "page", "in": "query", "schema": page}]


def _path_parameter(name: str) -> Operation:
    if name == "form":
        return {"example": FORMS[0], "schema": {"type": "string", "enum": list(FORMS)}}
    return {"example": examples.CORRECTION, "schema": {"type": "string", "format": "uuid"}}


def _add_what_is_no_json(spec: dict[str, Any]) -> None:
    predict, older = (_operation(spec, (path, "post")) for path in ("/api/predict", "/predict/"))
    predict["requestBody"]["content"]["multipart/form-data"] = {"schema": FILE_FORM}
    older["requestBody"]["content"]["multipart/form-data"] = {"schema": OLD_FILE_FORM}
    older["responses"]["200"]["content"]["text/plain"] = {"schema": {"type": "string"}}
    text = {"text/plain": {"schema": {"type": "string"}}}
    _operation(spec, ("/metrics", "get"))["responses"]["200"]["content"] = text
    picture = _operation(spec, ("/api/mine/{correction_id}/picture", "get"))["responses"]["200"]
    picture["content"] = {"image/png": BINARY}
    export = _operation(spec, ("/api/mine/export/{form}", "get"))["responses"]["200"]
    strokes = {"schema": {"type": "array", "items": {"type": "object"}}}
    export["content"] = {
        "text/csv": BINARY,
        "application/json": strokes,
        "application/zip": BINARY,
    }
    message = {"type": "object", "properties": {"message": {"type": "string"}}}
    _operation(spec, ("/check-token", "get"))["responses"]["401"] = {
        "description": WHY["401"],
        "content": {"application/json": {"schema": message}},
    }
