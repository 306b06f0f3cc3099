"""Requests and answers as they really are, for the document; tests send them and compare."""

from http import HTTPStatus
from typing import Any

from app.version import VERSION

KEY = "0b0f3a5e-5f0c-4a52-9c39-6f2b8a1d7c11"
CORRECTION = "7d4f9c1e-3b1a-4d57-8a55-0c9d0f6c2e31"
STROKES = [[[20, 14], [46, 12], [78, 12], [66, 36], [52, 62], [44, 92]]]
IMAGE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACgAAAAoAQAAAACkhYXAAAAAXklEQVR42o3PMQ"
    "rCUACD4e8FQUeP4E3s0XuUHuFtOhTjUDorhPDzD4GMQvxuRRXPwHL6djaYgiHYBBGsggttrw1uQo/lu/A5+C"
    "HsBy/CG+1swyQMwkbOrGhf7fjjyxclziIeuAsxjgAAAABJRU5ErkJggg=="
)
MODELS = {"digit": "v6", "character": "v8", "word": "v11"}
SEVEN = {"text": "7", "confidence": 0.9998}
ONE = {"text": "1", "confidence": 0.0001}
READING = {
    "id": "eyJyZXN1bHQiOiI3In0.aSBvbmNlIHdhcyBhIHNlYWw.signature",
    "result": "7",
    "kind": "digit",
    "confidence": 0.9998,
    "sure": True,
    "alternatives": [SEVEN, ONE],
    "characters": [SEVEN | {"start": 0.0, "end": 1.0, "alternatives": [ONE]}],
    "without_lexicon": None,
    "extent": None,
    "model": {"name": "digit", "version": MODELS["digit"]},
    "milliseconds": 0.46,
    "seen": None,
}
COMPOSE = {"number": "11", "digits": {"1": [[[0, 0], [0, 8]]]}, "gap": 0.5, "seed": 1}
GENERATE = {
    "number": "042",
    "augment": "true",
    "spacing_min": 5,
    "spacing_max": 10,
    "image_width": 84,
    "format": "png",
    "seed": 1,
}
GENERATED = {name: GENERATE[name] for name in GENERATE if name not in ("format", "seed")} | {
    "taskId": "3c19fcb52a7d4d8f9f0d0a3f7f3a9f4e",
    "generatedImage": IMAGE,
}
COMPOSED = {
    "number": "11",
    "strokes": [[[0.0, -1.5757], [0.0, 0.0578]], [[0.533, -1.4946], [0.533, -0.0149]]],
    "seed": 1,
}
ACCOUNT = {"username": "ada", "password": "paper lantern ninety"}
PERSON = {
    "id": "3f0c5a52-6f0e-4a3b-9a53-2b7f0e6f1d2c",
    "username": "ada",
    "role": "user",
    "trusted": False,
    "disabled": False,
}
TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIzZjBjIn0.c2lnbmF0dXJl"  # noqa: S105
TOKENS = {
    "access_token": TOKEN,
    "refresh_token": TOKEN,
    "token_type": "Bearer",
    "expires_in": 900,
    "username": "ada",
    "role": "user",
}
DRAWING = {
    "id": CORRECTION,
    "created_at": "2026-11-21T20:15:00+00:00",
    "kind": "digit",
    "label": "7",
    "result": "1",
    "status": "pending",
    "picture": f"/api/mine/{CORRECTION}/picture",
}
KEPT = {"id": CORRECTION, "status": "pending"}
WITHDRAWN = {"id": CORRECTION, "status": "withdrawn"}

REQUESTS: dict[tuple[str, str], dict[str, Any]] = {
    ("/api/predict", "post"): {
        "strokes": {"strokes": STROKES, "kind": "digit", "top": 2},
        "picture": {"image": IMAGE, "top": 2},
    },
    ("/api/feedback", "post"): {
        "strokes": {"strokes": STROKES, "label": "7", "kind": "digit"},
        "picture": {"image": IMAGE, "label": "7"},
    },
    ("/helpdata", "post"): {"picture": {"image": IMAGE, "label": "7"}},
    ("/predict/", "post"): {"picture": {"imageData": IMAGE}},
    ("/generate", "post"): {"picture": GENERATE},
    ("/generate", "put"): {"picture": GENERATE},
    ("/api/compose", "post"): {"strokes": COMPOSE},
    ("/login", "post"): {"account": ACCOUNT},
    ("/api/register", "post"): {"account": {**ACCOUNT, "username": "grace"}},
    ("/api/login", "post"): {"account": ACCOUNT},
    ("/api/me/password", "put"): {
        "passwords": {
            "password": ACCOUNT["password"],
            "new_password": "seven quiet harbours",
        }
    },
    ("/api/me", "delete"): {"password": {"password": ACCOUNT["password"]}},
    ("/api/users/{user_id}", "patch"): {"promotion": {"role": "reviewer", "trusted": True}},
}
ANSWERS: dict[tuple[str, str], tuple[str, Any]] = {
    ("/generate", "post"): ("200", GENERATED),
    ("/generate", "put"): ("200", GENERATED),
    ("/api/compose", "post"): ("200", COMPOSED),
    ("/api/predict", "post"): ("200", READING),
    ("/api/feedback", "post"): ("201", KEPT),
    ("/api/feedback/{correction_id}", "delete"): ("200", WITHDRAWN),
    ("/helpdata", "post"): ("200", {"message": "Data saved successfully", "id": CORRECTION}),
    ("/login", "post"): ("201", {"token": TOKEN, "username": "ada"}),
    ("/check-token", "get"): ("200", {"data": "Token is valid"}),
    ("/api/register", "post"): ("201", PERSON | {"username": "grace"}),
    ("/api/login", "post"): ("200", TOKENS),
    ("/api/refresh", "post"): ("200", TOKENS),
    ("/api/logout", "post"): ("200", {"status": "signed out"}),
    ("/api/me", "get"): ("200", PERSON),
    ("/api/me/password", "put"): ("200", TOKENS),
    ("/api/me", "delete"): ("200", {"status": "deleted", "drawings": 0}),
    ("/api/mine", "get"): ("200", {"drawings": [DRAWING], "total": 1}),
    ("/api/mine", "delete"): ("200", {"withdrawn": 1}),
    ("/api/users", "get"): ("200", {"users": [PERSON]}),
    ("/api/users/{user_id}", "patch"): (
        "200",
        PERSON | {"role": "reviewer", "trusted": True},
    ),
    ("/health", "get"): ("200", {"Status": "Running"}),
    ("/ready", "get"): ("200", {"status": "ready", "database": True, "models": MODELS}),
    ("/version", "get"): ("200", {"version": VERSION, "models": MODELS}),
}
DETAILS = {
    "400": "NaN and Infinity are no JSON numbers.",
    "401": "Sign in first.",
    "403": "Another site's page sent this. Open Inkloop itself and try again.",
    "404": "There is no such correction.",
    "409": "This Idempotency-Key was used for other content. Take a new key.",
    "410": "This correction was withdrawn. Send a new one with a new key.",
    "413": "The data value transmitted exceeds the capacity limit.",
    "415": "Send JSON with Content-Type: application/json.",
    "422": "send either strokes or image",
    "429": "50 per 1 second",
    "503": "Too many large requests at once. Try again in a moment.",
}


def problem(status: str) -> dict[str, Any]:
    """Return an error as it is answered."""
    title = HTTPStatus(int(status)).phrase
    return {
        "type": "about:blank",
        "title": title,
        "status": int(status),
        "detail": DETAILS[status],
    }
