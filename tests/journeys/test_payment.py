"""Around the payment, where things go wrong: abandoned, cancelled, sold out, clicked twice."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.browser

BANK, OTHER_BANK = "Consigne de la Gare", "Consigne du Marché"
NOTHING = {"held": 0, "debited": 0, "refunded": 0, "transfers": [], "owed_to_shops": []}


def test_payment_abandoned_gives_goods_and_compartment_back_and_says_so(town, phone):
    title = "Miel d'acacia"
    left, promised = town.ask("left", title), town.ask("promised", BANK)
    steps.put_into_basket(phone, town.site, title)
    steps.choose(phone, town.site, BANK, email="abandons@example.org")
    steps.order_and_pay(phone)
    payment_page = phone.url
    order_page = steps.back_to_shop(phone)
    number = steps.number_of(phone)
    assert (town.ask("left", title), town.ask("promised", BANK)) == (left - 1, promised + 1)

    phone.goto("about:blank")
    town.ask("let_hold_run_out", number)

    assert (town.ask("left", title), town.ask("promised", BANK)) == (left, promised)
    town.books_balance()
    phone.goto(payment_page)
    expect(phone.get_by_role("heading", name="Cette page de paiement est fermée")).to_be_visible()
    phone.goto(order_page)
    expect(phone.get_by_text("Cette commande n’a pas été payée à temps")).to_be_visible()
    phone.get_by_role("button", name="Remettre ces articles dans mon panier").click()
    expect(phone.get_by_role("link", name=title)).to_be_visible()
    steps.choose(phone, town.site, BANK, email="abandons@example.org")
    assert town.ask("money", number) == NOTHING | {
        "order": "cancelled",
        "payments": ["abandoned"],
        "pages": ["expired"],
    }


def test_cancelled_before_the_webhook_comes_stays_cancelled_and_costs_nothing(town, phone, visitor, desks):
    steps.order_trouble(visitor(signed_in=desks(steps.OPERATOR)), town.site, "webhook_late", times=2)
    steps.put_into_basket(phone, town.site, "Confiture de mirabelles")
    steps.choose(phone, town.site, BANK, email="annule@example.org")
    order_page = steps.pay(phone)
    number = steps.number_of(phone)
    assert town.ask("undelivered_webhooks") == 2

    phone.get_by_role("button", name="Annuler ma commande").click()
    expect(phone.get_by_text("Votre commande est annulée. Rien n’est débité.")).to_be_visible()
    town.books_balance()
    town.ask("let_webhooks_be_due")

    assert town.ask("undelivered_webhooks") == 0
    town.books_balance()
    phone.goto(order_page)
    expect(phone.get_by_text("Cette commande a été annulée. Rien n’est débité")).to_be_visible()
    assert town.ask("money", number) == NOTHING | {
        "order": "cancelled",
        "payments": ["canceled"],
        "pages": ["complete"],
    }


def test_the_last_piece_goes_to_the_first_and_the_second_hears_it_before_paying(town, phone, visitor):
    title = "Cornichons au vinaigre"
    town.ask("leave", title, 1)
    slower = visitor()
    for page, email in ((phone, "premiere@example.org"), (slower, "seconde@example.org")):
        steps.put_into_basket(page, town.site, title)
        steps.choose(page, town.site, BANK, email=email)
    steps.order_and_pay(phone)

    slower.get_by_role("button", name="Commander et payer").click()

    expect(slower.get_by_role("alert")).to_contain_text(f"« {title} » vient d’être épuisé.")
    assert town.ask("orders_of", "seconde@example.org") == []
    slower.get_by_role("link", name="Retour au panier").first.click()
    slower.get_by_role("button", name=f"Retirer – {title}").click()
    expect(slower.get_by_text("Votre panier est vide.")).to_be_visible()
    steps.pay_button(phone).click()
    expect(phone.get_by_text("Merci, votre commande est passée.")).to_be_visible()


def test_double_click_second_tab_and_back_button_make_one_order_and_one_charge(town, phone):
    email = "deux.fois@example.org"
    steps.put_into_basket(phone, town.site, "Thé vert au jasmin")
    steps.choose(phone, town.site, OTHER_BANK, email=email)
    second_tab = phone.context.new_page()
    second_tab.goto(phone.url)
    expect(second_tab.get_by_role("button", name="Commander et payer")).to_be_visible()

    phone.get_by_role("button", name="Commander et payer").dblclick()
    expect(steps.pay_button(phone)).to_be_visible()
    second_tab.get_by_role("button", name="Commander et payer").click()
    expect(steps.pay_button(second_tab)).to_be_visible()
    assert second_tab.url == phone.url
    phone.go_back()
    again = phone.get_by_role("button", name="Commander et payer")
    if again.count():  # the browser may show the page again, or ask the site, which has forgotten the basket
        again.click()
    second_tab.bring_to_front()
    steps.pay_button(second_tab).click()
    expect(second_tab.get_by_text("Merci, votre commande est passée.")).to_be_visible()
    phone.goto(second_tab.url)
    second_tab.go_back()

    (number,) = town.ask("orders_of", email)
    money = town.ask("money", number)
    assert (money["payments"], money["pages"], money["held"]) == (["authorised"], ["complete"], 690)
