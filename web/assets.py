"""The files that pages bring along (styles, scripts, pictures), at addresses that change when any of them changes.

They are read once and kept compressed, so that a browser asks for each of them once in a version's life. One stamp
stands for all, because scripts name each other by relative addresses. Nothing outside `web/static` is ever given, but
for the typeface, which comes from its package: Chinese shows on a PC that has no Chinese font of its own.
"""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import Response, abort, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from labels import typeface
from web.compression import takes_gzip

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
"""Of an address without the stamp, or with another version's: a plant may run two versions for a while."""
A_MONTH_S = 30 * 24 * 3600


@dataclass(frozen=True)
class Asset:
    """A file as it is sent; `gzipped` is empty where compressing saves nothing."""

    media_type: str
    plain: bytes
    gzipped: bytes


def install(app: APIFlask) -> None:
    """Serve the files as the endpoint `static`; `url_for` gives addresses with the stamp."""
    assets = {path.relative_to(FOLDER).as_posix(): _read(path) for path in sorted(FOLDER.rglob("*")) if path.is_file()}
    stamp = sha256(b"".join(asset.plain for asset in assets.values())).hexdigest()[:16]

    def static(filename: str, stamped: str = "") -> AnyResponse:
        asset = assets.get(filename) or abort(404)
        return _sent(asset, stamp, FOR_EVER if stamped == stamp else ASK_AGAIN)

    def with_stamp(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("stamped", stamp)

    app.add_url_rule("/static/<filename>", "static", static, defaults={"stamped": ""})
    app.add_url_rule("/static/<stamped>/<path:filename>", "static", static)
    app.add_url_rule("/typeface.otf", "typeface", _typeface)
    app.url_defaults(with_stamp)


def _typeface() -> Response:
    """The typeface of labels and pages; 8 MB, so a browser that has one of its own never asks (runcard.css)."""
    return send_file(typeface.path(), mimetype="font/otf", max_age=A_MONTH_S, conditional=True)


def _read(path: Path) -> Asset:
    plain = path.read_bytes()
    gzipped = gzip.compress(plain, mtime=0)
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(media_type, plain, gzipped if len(gzipped) < len(plain) * 0.9 else b"")


def _sent(asset: Asset, stamp: str, lifetime: str) -> AnyResponse:
    zipped = bool(asset.gzipped) and takes_gzip(request)
    response = Response(asset.gzipped if zipped else asset.plain, mimetype=asset.media_type)
    if zipped:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = lifetime
    response.set_etag(stamp, weak=True)
    return response.make_conditional(request)
