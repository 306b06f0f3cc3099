"""Routes that clients of older projects call, over the same services."""

from apiflask import APIBlueprint

from app.extensions import configured_limit, limiter
from app.web import corrections
from app.web.bodies import json_body
from app.web.schemas import FeedbackIn, HelpDataIn, HelpDataOut

compat = APIBlueprint("compat", __name__, tag="Older clients")


@compat.post("/helpdata")
@limiter.limit(configured_limit("RATELIMIT_FEEDBACK"))
@compat.output(HelpDataOut)
def help_data() -> dict[str, str]:
    """Keep a labelled picture."""
    body = json_body(HelpDataIn)
    kept = corrections.keep(FeedbackIn(image=body.image, label=body.label))
    return {"message": "Data saved successfully", "id": kept.id}
