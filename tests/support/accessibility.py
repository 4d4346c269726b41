"""What axe finds on a page that keeps people from using it."""

import pytest

# While a colour passes into another, its contrast is nobody's: what ends by itself is waited for.
AT_REST = """() => document.getAnimations().every(moving =>
    moving.playState !== 'running' || moving.effect.getComputedTiming().endTime === Infinity
)"""


def faults(page, spared=()):
    """Return (rule, impact, HTML) of each element that axe faults, once the page is at rest.

    `spared` names the impacts that are let pass, such as "minor".
    """
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed: make apps"
    )
    page.wait_for_function(AT_REST)
    found = axe.Axe().run(page).response["violations"]
    worse = [rule for rule in found if rule["impact"] not in spared]
    return [(rule["id"], rule["impact"], n["html"][:150]) for rule in worse for n in rule["nodes"]]
