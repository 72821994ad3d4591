"""The browser's code: the loader at `/widget.js`, the app's modules under an address that changes with them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from gzip import compress
from hashlib import sha256
from importlib.resources import files

from aiohttp import web

from adapters.web.bundle import bundle, imported, lean_source

ASSETS_NAME = "assets"
_LOADER = "widget.js"
_APP = "main.js"
_VERSION_MARK = "{{version}}"
_LOADER_LIFE = "public, max-age=300"
_MODULE_LIFE = "public, max-age=31536000, immutable"
_SHARED_HEADERS = {
    "Access-Control-Allow-Origin": "*",  # other sites fetch modules with CORS; nothing in them is private
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}


@dataclass(frozen=True, slots=True)
class Asset:
    content_type: str
    plain: bytes
    packed: bytes  # gzip


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    version: str  # of the modules' content
    loader: Asset
    modules: dict[str, Asset]  # by name; the widget's own words, "de.json", among them


@cache
def load_assets() -> Assets:
    """Read once a process; a change of a file takes effect with a restart, under a new address."""
    static = files(__package__).joinpath("static")
    entries = [*static.iterdir(), *static.joinpath("locales").iterdir()]
    sources = {entry.name: entry.read_text("utf-8") for entry in entries if entry.name.endswith((".js", ".json"))}
    loader = sources.pop(_LOADER)
    within = imported(_APP, sources)
    sources = {name: text for name, text in sources.items() if name not in within} | {_APP: bundle(_APP, sources)}
    digest = sha256("".join(f"{name}\0{sources[name]}" for name in sorted(sources)).encode())
    version = digest.hexdigest()[:12]
    return Assets(
        version=version,
        loader=_asset(_LOADER, loader.replace(_VERSION_MARK, version)),
        modules={name: _asset(name, source) for name, source in sources.items()},
    )


def routes() -> Sequence[web.AbstractRouteDef]:
    return [
        web.get("/widget.js", _serve_loader),
        web.get(f"/channels/web/{ASSETS_NAME}/{{version}}/{{module}}", _serve_module),
    ]


async def _serve_loader(request: web.Request) -> web.Response:
    return _response(request, load_assets().loader, _LOADER_LIFE)


async def _serve_module(request: web.Request) -> web.Response:
    """A module of this version; for another one, a browser holds an old loader and is told to ask again."""
    assets = load_assets()
    module = assets.modules.get(request.match_info["module"])
    if module is None or request.match_info["version"] != assets.version:
        return web.json_response({"error": "not_found"}, status=404, headers={"Cache-Control": "no-store"})
    return _response(request, module, _MODULE_LIFE)


def _response(request: web.Request, asset: Asset, life: str) -> web.Response:
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {**_SHARED_HEADERS, "Content-Type": asset.content_type, "Cache-Control": life}
    if packed:
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=asset.packed if packed else asset.plain, headers=headers)


def _asset(name: str, source: str) -> Asset:
    if name.endswith(".json"):
        kind, lean = "application/json", json.dumps(json.loads(source), ensure_ascii=False, separators=(",", ":"))
    else:
        kind, lean = "text/javascript; charset=utf-8", lean_source(source)
    plain = lean.encode()
    return Asset(kind, plain, compress(plain, 9, mtime=0))
