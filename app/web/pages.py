"""The pages that people see."""

from apiflask import APIBlueprint
from flask import render_template

from app.web.access import Level, may
from app.web.inks import reader

pages = APIBlueprint("pages", __name__, enable_openapi=False)


@pages.get("/")
@may(Level.SHEET)
def draw() -> str:
    """Show the sheet to draw on."""
    return render_template("draw.html", kinds=["auto", *reader().versions])
