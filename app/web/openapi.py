"""What APIFlask cannot know of our routes: bodies they parse themselves, headers, every error."""

from typing import Any

from apiflask import APIFlask
from pydantic import BaseModel

from app.web import examples
from app.web.schemas import FeedbackIn, HelpDataIn, ImageDataIn, PredictIn, Problem

REFERENCE = "#/components/schemas/{model}"
BODIES: dict[tuple[str, str], type[BaseModel]] = {
    ("/api/predict", "post"): PredictIn,
    ("/api/feedback", "post"): FeedbackIn,
    ("/helpdata", "post"): HelpDataIn,
    ("/predict/", "post"): ImageDataIn,
}
WITHDRAW = ("/api/feedback/{correction_id}", "delete")
WHY = {
    "400": "The body is not strict JSON, or a header or form is malformed.",
    "404": "There is no such thing.",
    "409": "The Idempotency-Key came before with other content.",
    "410": "The correction was withdrawn and stays so.",
    "413": "The body is over 8 MiB, or the form has too many or too long fields.",
    "415": "The content type is neither JSON nor, for a reading, multipart/form-data.",
    "422": "The body is well formed, but a field, the ink or the picture cannot be used.",
    "429": "Too many requests from this address.",
    "503": "A part that is needed cannot answer now, or too many large requests are at work.",
}
BODY_ERRORS = ("400", "413", "415", "422", "429")
ERRORS: dict[tuple[str, str], tuple[str, ...]] = {
    ("/api/predict", "post"): (*BODY_ERRORS, "503"),
    ("/api/feedback", "post"): (*BODY_ERRORS, "409", "410", "503"),
    WITHDRAW: ("404", "429", "503"),
    ("/helpdata", "post"): (*BODY_ERRORS, "409", "410", "503"),
    ("/predict/", "post"): (*BODY_ERRORS, "503"),
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
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes it safe to send the same correction again: 1 to 128 printable ASCII.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[ -~]+$"},
    "example": examples.KEY,
}
SECONDS = {"schema": {"type": "integer", "minimum": 0}}
RETRY_AFTER = {"Retry-After": SECONDS | {"description": "Seconds to wait before the next try."}}
LIMIT_HEADERS = {
    "X-RateLimit-Limit": SECONDS
    | {"description": "Requests allowed in the window. These three come where limits are on."},
    "X-RateLimit-Remaining": SECONDS | {"description": "Requests left in the window."},
    "X-RateLimit-Reset": SECONDS | {"description": "When the window ends, in seconds since 1970."},
}


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
    app.spec_processor(_complete)


def _complete(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    if isinstance(spec, str):  # never: SPEC_FORMAT is json
        return spec
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
    return spec


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


def _add_what_is_special(spec: dict[str, Any]) -> None:
    predict, older = (_operation(spec, (path, "post")) for path in ("/api/predict", "/predict/"))
    predict["requestBody"]["content"]["multipart/form-data"] = {"schema": FILE_FORM}
    older["requestBody"]["content"]["multipart/form-data"] = {"schema": OLD_FILE_FORM}
    older["responses"]["200"]["content"]["text/plain"] = {"schema": {"type": "string"}}
    for path in ("/api/feedback", "/helpdata"):
        operation = _operation(spec, (path, "post"))
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    meters = _operation(spec, ("/metrics", "get"))["responses"]["200"]
    meters["content"] = {"text/plain": {"schema": {"type": "string"}}}
    for parameter in _operation(spec, WITHDRAW)["parameters"]:
        parameter |= {
            "example": examples.CORRECTION,
            "schema": {"type": "string", "format": "uuid"},
        }
