"""Who may look after what: pages for administrators insist on their readers' roles. Deny by default."""

from __future__ import annotations

from collections.abc import Set

from flask import abort
from flask_login import current_user

from mes.roles import Role
from web.language import t


def insist_on(readers: Set[Role]) -> None:
    """Answer 403 to anybody without one of these roles."""
    if not current_user.roles & readers:
        abort(403, t("此页面不对您的角色开放。", "This page is not for your roles."))
