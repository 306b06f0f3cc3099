"""Every group of routes there is."""

from app.web.accounts import accounts
from app.web.api import api
from app.web.compat import compat
from app.web.docs import docs
from app.web.forms import forms
from app.web.generate import generate
from app.web.health import health
from app.web.mine import mine
from app.web.pages import pages
from app.web.status import status
from app.web.users import users

PAGES = (pages, forms, mine, generate, docs, status)
BLUEPRINTS = (*PAGES, api, accounts, users, health, compat)
