from __future__ import annotations

from adapters.web.assets import lean_source, load_assets
from tests.adapters.web.harness import Desk


def test_that_the_widget_is_small() -> None:
    assets = load_assets()
    assert len(assets.loader.packed) < 2_000
    assert sum(len(module.packed) for module in assets.modules.values()) < 25_500
    sometimes = {"words.js", "proactive.js", "rules.js"}  # other languages, and sites with invitations
    always = [module.packed for name, module in assets.modules.items() if name not in sometimes]
    assert sum(map(len, always)) < 20_000


def test_that_lean_sources_keep_the_program() -> None:
    source = "// why\nconst a = 1; // here\n\n  if (a) {\n    // inner\n    go('//x');\n  }\n"
    assert lean_source(source) == "const a = 1; // here\nif (a) {\ngo('//x');\n}\n"


async def test_that_the_loader_names_the_version_it_loads(desk: Desk) -> None:
    version = load_assets().version
    async with desk.http.get(f"{desk.url}/widget.js") as response:
        text = await response.text()
        assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert response.headers["Cache-Control"] == "public, max-age=300"
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert f"assets/{version}/main.js" in text
    assert "{{" not in text


async def test_that_modules_are_kept_for_ever_under_their_version(desk: Desk) -> None:
    version = load_assets().version
    async with desk.http.get(f"{desk.url}/channels/web/assets/{version}/main.js") as response:
        assert response.status == 200
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["Access-Control-Allow-Origin"] == "*"
    plain = {"Accept-Encoding": "identity"}
    async with desk.http.get(f"{desk.url}/channels/web/assets/{version}/main.js", headers=plain) as response:
        assert "Content-Encoding" not in response.headers
        assert "export async function start" in await response.text()


async def test_that_other_versions_and_files_are_not_found(desk: Desk) -> None:
    version = load_assets().version
    for path in ("0/main.js", f"{version}/widget.js", f"{version}/none.js", f"{version}/..%2f..%2fchannel.py"):
        async with desk.http.get(f"{desk.url}/channels/web/assets/{path}") as response:
            assert response.status == 404
            assert response.headers.get("Cache-Control") in {"no-store", None}
