"""The manual says what the programs do."""

import re
from pathlib import Path

import edge.settings
import hub.kit.settings

ROOT = Path(__file__).parents[2]
INSTALL = (ROOT / "docs/install.md").read_text()


def test_the_manual_lists_every_variable_of_the_hub():
    assert hub.kit.settings.manual() in INSTALL


def test_the_manual_lists_every_variable_of_a_node():
    assert edge.settings.manual() in INSTALL


def test_the_site_file_of_the_manual_can_be_read():
    from hub.devices import site

    (example,) = re.findall(r"```toml\n(.*?)```", INSTALL, re.S)
    assert site.parse(example).nodes[0].zones[0].id == "lunch"


def test_every_file_that_a_page_links_to_is_there():
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_make_help_names_every_target_of_the_readme():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"^make ([a-z-]+)", (ROOT / "README.md").read_text(), re.M):
        assert re.search(rf"^{target}:.*##", makefile, re.M), target
