from __future__ import annotations

import json
import re
from importlib.resources import files

from adapters.web.assets import load_assets
from adapters.web.bundle import bundle, imported, lean_source
from tests.adapters.web.harness import Desk


def test_that_the_widget_is_small() -> None:
    assets = load_assets()
    assert len(assets.loader.packed) < 2_000
    assert sum(len(module.packed) for module in assets.modules.values()) < 26_500
    locales = [len(module.packed) for name, module in assets.modules.items() if name.endswith(".json")]
    assert (
        len(assets.modules["main.js"].packed) + max(locales) < 20_000
    )  # without what only sites with invitations load


def test_that_lean_sources_keep_the_program() -> None:
    source = "// why\nconst a = 1; // here\n\n  if (a) {\n    // inner\n    go('//x');\n  }\n"
    assert lean_source(source) == "const a = 1; // here\nif (a) {\ngo('//x');\n}\n"


def test_that_a_bundle_is_the_same_program_in_one_module() -> None:
    sources = {
        "main.js": 'import { two } from "./b.js";\nimport { one } from "./a.js";\n'
        "export const start = () => one + two();\n",
        "b.js": 'import { one } from "./a.js";\nconst twice = 2;\nexport function two() {\n  return one * twice;\n}\n',
        "a.js": "export const one = 1;\n",
        "later.js": "export const more = 3;\n",
    }
    assert imported("main.js", sources) == {"a.js", "b.js"}
    assert bundle("main.js", sources) == (
        "const { one } = (() => {\nconst one = 1;\nreturn { one };\n})();\n"
        "const { two } = (() => {\nconst twice = 2;\n"
        "function two() {\n  return one * twice;\n}\nreturn { two };\n})();\n"
        "export const start = () => one + two();\n"
    )


def test_that_every_language_has_all_the_words() -> None:
    folder = files("adapters.web").joinpath("static", "locales")
    words = {entry.name: json.loads(entry.read_text("utf-8")) for entry in folder.iterdir()}
    listed = re.search(
        r"LANGUAGES = (\[.*\]);", files("adapters.web").joinpath("static", "strings.js").read_text("utf-8")
    )
    assert listed is not None
    assert sorted(words) == sorted(f"{language}.json" for language in json.loads(listed[1]))
    assert len(words) == 12
    used = {key for name in ("main", "view", "lines") for key in _words_used(name)}
    for name, texts in words.items():
        assert set(texts) - {"direction"} == used, name
        assert all(isinstance(text, str) and text.strip() == text != "" for text in texts.values()), name
        assert texts["unread"].count("{n}") == 1, name
        assert texts.get("direction", "rtl") == "rtl", name
    english = words.pop("en.json")
    for name, texts in words.items():
        assert {key for key in used if texts[key] == english[key]} <= {"team", "sources", "log"}, name
    assert [name for name, texts in words.items() if "direction" in texts] == ["ar.json"]


def _words_used(module: str) -> list[str]:
    source = files("adapters.web").joinpath("static", f"{module}.js").read_text("utf-8")
    return [key for key in re.findall(r"\bwords\.(\w+)", source) if key not in {"direction", "language"}]


async def test_that_the_words_of_a_language_are_served(desk: Desk) -> None:
    async with desk.http.get(f"{desk.url}/channels/web/assets/{load_assets().version}/pl.json") as response:
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert (await response.json())["send"] == "Wyślij"


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


def test_that_a_page_loads_no_more_than_was_promised() -> None:
    """Bytes as sent: the loader on every page of the company's, the app with one language on the first chat."""
    assets = load_assets()
    words = max(len(asset.packed) for name, asset in assets.modules.items() if name.endswith(".json"))
    app = sum(len(asset.packed) for name, asset in assets.modules.items() if name.endswith(".js"))
    assert len(assets.loader.packed) <= 3_000
    assert app + words <= 30_000, (app, words)


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
