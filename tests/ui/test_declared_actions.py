"""What pages can do is known before they are built: in the palette, in the list of keys, and at buttons."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit

from ui.pages import PAGES
from ui.pages.declared import declared_actions
from ui.widgets.buttons import KeyButton

TIMEOUT = 15_000


def known(window, action_id):
    return lambda: action_id in window.studio.session.actions


def button_of(page, words):
    return next(found for found in page.findChildren(KeyButton) if found.text() == words)


def test_pages_declare_what_they_do(make_window, store, full_project, qtbot):
    declared = {found.entry.id: [action.id for action in found.actions] for found in declared_actions()}
    assert list(declared) == [entry.id for entry in PAGES]
    window = make_window(store, full_project)
    for entry in PAGES:
        window.show_page(entry.id)
        made = window.current_page().user_actions()
        assert [action.id for action in made] == declared[entry.id]


def test_declaring_reaches_no_torch_and_needs_no_window():
    code = (
        "from ui.pages.declared import declared_actions as d; import sys; d(); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_palette_runs_what_a_page_does_that_nobody_visited(make_window, store, full_project, qtbot):
    window = make_window(store, full_project)
    qtbot.waitUntil(known(window, "train.new"), timeout=TIMEOUT)
    window.palette_popup.search("new run")
    assert [entry.title for entry in window.palette_popup.entries] == ["New run"]
    assert window.page == "home"
    window.palette_popup.entries[0].run()
    assert window.page == "train"
    assert window.current_page().panel.isVisible()


def test_without_a_project_the_palette_says_so(make_window, store, qtbot):
    window = make_window(store)
    qtbot.waitUntil(known(window, "library.import"), timeout=TIMEOUT)
    window.palette_popup.search("import files")
    assert [entry.why_not for entry in window.palette_popup.entries] == ["No project is open"]


def test_a_key_of_a_page_that_nobody_visited_can_be_changed_and_its_button_shows_it(
    make_window, store, full_project, qtbot
):
    window = make_window(store, full_project, "settings", section="keys")
    settings = window.current_page()
    actions = window.studio.session.actions

    def field(action_title: str) -> QKeySequenceEdit | None:
        name = f"Key for {action_title}"
        return next(
            (found for found in settings.findChildren(QKeySequenceEdit) if found.accessibleName() == name),
            None,
        )

    qtbot.waitUntil(lambda: field("Import files") is not None, timeout=TIMEOUT)
    assert field("Next mark") is not None
    field("Import files").setKeySequence(QKeySequence("Ctrl+J"))
    field("Import files").editingFinished.emit()
    assert actions["library.import"].keys == ("Ctrl+J",)
    window.show_page("library")
    library = window.current_page()
    assert actions["library.import"].keys == ("Ctrl+J",)
    assert button_of(library, "Import").key == "Ctrl J"
    assert button_of(library, "Open").key == "Enter"
    actions.choose_keys("library.open", ("O",))
    assert button_of(library, "Open").key == "O"
    actions.reset_keys("library.open")
    actions.reset_keys("library.import")
    assert [button_of(library, words).key for words in ("Import", "Open")] == ["I", "Enter"]
    actions.choose_keys("library.import", ())
    assert button_of(library, "Import").key == ""
