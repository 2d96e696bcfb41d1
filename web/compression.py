"""Pages and JSON travel compressed where the browser takes that and it is worth the while.

Pages hold the token of their forms, and a compressed page that also repeats what a stranger chose can betray a secret
by its length (BREACH). Not here: session cookies are SameSite=Strict, so that no stranger's page can ask as somebody
who is logged in, and a form's token is signed anew every second.
"""

from __future__ import annotations

import gzip

from apiflask import APIFlask
from flask import Request, Response, request

WORTH_BYTES = 1400  # what fits into one packet of the network anyway
LEVEL = 5
TEXTS = frozenset({"text/html", "text/csv", "text/plain", "application/json", "application/problem+json"})
"""Everything else is compressed already (XLSX, PDF, pictures) or is bytes for a printer."""


def install(app: APIFlask) -> None:
    """Compress what the application answers."""
    app.after_request(_compressed)


def takes_gzip(asked: Request) -> bool:
    """Whether this browser or program understands gzip."""
    return asked.accept_encodings.quality("gzip") > 0


def _compressed(response: Response) -> Response:
    if response.mimetype not in TEXTS or response.is_streamed or response.content_encoding:
        return response
    response.vary.add("Accept-Encoding")
    if takes_gzip(request) and len(response.get_data()) >= WORTH_BYTES:
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.content_encoding = "gzip"
        etag, _ = response.get_etag()
        if etag:  # the same answer in other bytes: equal in meaning only
            response.set_etag(etag, weak=True)
    return response
