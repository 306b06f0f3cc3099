"""The page at /docs: Swagger UI from an installed package, under the policy of every page."""

from importlib.resources import files

from apiflask import APIBlueprint
from flask import Response, current_app

from app.web.access import Level, may

docs = APIBlueprint(
    "docs",
    __name__,
    enable_openapi=False,
    static_folder=str(files("flask_swagger_ui") / "dist"),
    static_url_path="/docs/assets",
)


@docs.get("/docs")
@may(Level.PUBLIC)
def page() -> Response:
    """Show the API's routes, to be tried out."""
    return current_app.send_static_file("docs/index.html")
