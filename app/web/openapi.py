"""What APIFlask cannot know of the routes that parse their own bodies."""

from typing import Any

from apiflask import APIFlask
from pydantic import BaseModel

from app.web.schemas import FeedbackIn, HelpDataIn, PredictIn, Problem

BODIES: dict[tuple[str, str], type[BaseModel]] = {
    ("/api/predict", "post"): PredictIn,
    ("/api/feedback", "post"): FeedbackIn,
    ("/helpdata", "post"): HelpDataIn,
}
REFERENCE = "#/components/schemas/{model}"
FILE_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "A PNG or JPEG picture."},
        "kind": {"type": "string", "enum": ["digit", "character", "word", "auto"]},
        "top": {"type": "integer", "minimum": 1, "maximum": 10},
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes it safe to send the same correction again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
}


def init_app(app: APIFlask) -> None:
    """Complete the document at /openapi.json."""
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False  # ours are told below
    app.config["HTTP_ERROR_SCHEMA"] = Problem.model_json_schema()
    app.spec_processor(_complete)


def _complete(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    if isinstance(spec, str):  # never: SPEC_FORMAT is json
        return spec
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    problem = {"application/problem+json": {"schema": {"$ref": REFERENCE.format(model="Problem")}}}
    schemas["Problem"] = Problem.model_json_schema()
    for (path, method), model in BODIES.items():
        operation = spec["paths"][path][method]
        schema = model.model_json_schema(ref_template=REFERENCE)
        schemas |= schema.pop("$defs", {})
        schemas[model.__name__] = schema
        content = {"application/json": {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}}
        operation["requestBody"] = {"required": True, "content": content}
        for status in ("400", "413", "415", "422", "429"):
            operation["responses"][status] = {"description": "Refused", "content": problem}
    predict = spec["paths"]["/api/predict"]["post"]["requestBody"]["content"]
    predict["multipart/form-data"] = {"schema": FILE_FORM}
    feedback = spec["paths"]["/api/feedback"]["post"]
    feedback.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    return spec
