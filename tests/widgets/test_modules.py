"""The joiner: what it makes of modules, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from widgets import Stepper
from widgets.derive import Derivation
from widgets.jacobian import Jacobian
from widgets.modules import join
from widgets.static_files import STATIC, script, style
from widgets.view import View


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "main.js"


def test_modules_come_before_those_that_import_them_and_once(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        main='import { b } from "./b.js";\nimport { a } from "./a.js";\nexport const m = a + b;\n',
        b='import { a } from "./a.js";\nexport function b() {\n  return a;\n}\n',
        a="export const a = 1;\n",
    )
    assert join(main).split("\n") == [
        "const a = 1;", "function b() {", "return a;", "}", "const m = a + b;",
    ]  # fmt: skip


def test_comments_go_and_texts_stay(tmp_path: Path) -> None:
    code = '/** Doc\n * more\n */\n// line\nexport const a = "x; // not /* a comment";  // gone\n'
    assert join(write(tmp_path, main=code)) == 'const a = "x; // not /* a comment";'


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ({"main": 'import x from "./a.js";'}, "write: import"),
        ({"main": 'import * as x from "./a.js";'}, "write: import"),
        ({"main": 'import { a as b } from "./a.js";', "a": "export const a = 1;"}, "export a as b"),
        ({"main": 'import { a } from "https://example.org/a.js";'}, "write: import"),
        ({"main": 'import { a } from "./gone.js";'}, "gone.js: no such file"),
        ({"main": 'import { a } from "./a.js";', "a": "const a = 1;"}, "does not export a"),
        ({"main": "export default 1;"}, "export a function"),
        ({"main": "const a = 1;\nexport { a };"}, "export a function"),
        ({"main": 'import { a } from "./a.js";', "a": 'import { m } from "./main.js";'}, "itself"),
        (
            {"main": 'import { a } from "./a.js";\nconst b = 1;', "a": "const b = 2;"},
            "b is also declared in main.js",
        ),
        ({"main": "const a = `two\nlines`;"}, "template literal"),
        ({"main": "/* a comment */ const a = 1;"}, "code after a comment"),
    ],
)
def test_what_is_refused(tmp_path: Path, modules: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        join(write(tmp_path, **modules))


VIEWS = [Derivation, Stepper, Jacobian]


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_is_one_text_without_imports(view: type[View]) -> None:
    text = script(view.page)
    assert "async function render(" in text
    assert "\nimport " not in text
    assert "\nexport " not in text


FORBIDDEN = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch("]
FORBIDDEN += ["@import", "url(", "document.querySelector", "getElementById"]


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_fetched_and_no_markup_is_parsed_as_html(view: type[View]) -> None:
    for text in (script(view.page), style(view.styles)):
        for word in FORBIDDEN:
            assert word not in text, word
        addresses = {word for word in text.split('"') if word.startswith("http")}
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"}


def test_a_file_has_one_subject_and_fits_in_one_reading() -> None:
    for path in STATIC.rglob("*.js"):
        if path.parent.name != "static":
            assert path.read_text(encoding="utf-8").count("\n") <= 150, path.name
