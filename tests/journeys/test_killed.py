"""Nobody has time to tidy up: web site and worker are killed between two steps of the money. Nothing is lost or done twice."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.browser

BANK = "Consigne du Marché"


@pytest.fixture
def trouble(town, visitor, desks):
    """The operator's page where the demonstration's Stripe is made to misbehave."""
    console = visitor(signed_in=desks(steps.OPERATOR))
    return lambda kind, **fields: steps.order_trouble(console, town.site, kind, **fields)


def kill_and_start(town) -> None:
    town.ask("kill", "web site", "worker")
    town.ask("start", "web site", "worker")


def lose_the_answer(route) -> None:
    """The network is gone as soon as the request is out."""
    route.fetch(max_redirects=0)
    route.abort()


def test_killed_between_placing_and_payment(town, phone, trouble):
    email = "panne@example.org"
    steps.put_into_basket(phone, town.site, "Soupe de légumes en bocal")
    steps.choose(phone, town.site, BANK, email=email)
    trouble("timeout_after", where="/v1/checkout/sessions")
    phone.get_by_role("button", name="Commander et payer").click()
    expect(phone.get_by_text("Rien n’a été débité : veuillez réessayer.")).to_be_visible()
    order_page = phone.url

    kill_and_start(town)  # Stripe has made a payment page of which we never heard
    phone.goto(order_page)
    town.ask("let_retries_be_due")
    phone.get_by_role("button", name="Aller à la page de paiement").click()
    expect(steps.pay_button(phone)).to_be_visible()
    trouble("webhook_dropped", times=2)
    phone.route("**/demo/stripe/pay/**", lose_the_answer)
    steps.pay_button(phone).click()
    phone.wait_for_url("chrome-error://**")
    (number,) = town.ask("orders_of", email)
    assert town.ask("money", number)["order"] == "unpaid"
    kill_and_start(town)
    town.ask("let_payment_hang", number)

    phone.goto(order_page)
    expect(phone.get_by_text("Merci, votre commande est passée.")).to_be_visible()
    money = town.ask("money", number)
    assert (money["payments"], money["pages"], money["held"]) == (["authorised"], ["complete"], 590)


def test_killed_between_capture_and_transfer(town, phone, trouble, brought):
    number, order_page, pin, _door, screen = brought(
        phone, "Maïs à éclater", bank=BANK, email="panne.du.soir@example.org"
    )
    trouble("timeout_after", where="/v1/transfers")

    assert screen.type(pin)
    screen.collect()
    phone.goto(order_page)
    steps.look_until(phone, "Vous avez retiré votre commande.")
    town.eventually(lambda: town.ask("money", number)["transfers"])
    assert town.ask("money", number)["owed_to_shops"] == ["sending"]  # the shop has its money, we do not know it
    kill_and_start(town)
    town.ask("let_retries_be_due")

    money = town.ask("money", number)
    assert (money["payments"], money["owed_to_shops"], len(money["transfers"])) == (["captured"], ["sent"], 1)
