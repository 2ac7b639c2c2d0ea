"""From the form “Vendre” to the first sale: a shopkeeper alone with a phone of 360 px, and the association that opens the shop."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.test_accessible import faults

pytestmark = pytest.mark.browser

SHOP, SLUG, EMAIL = "Mercerie du Marché", "mercerie-du-marche", "mercerie@valmont.example"
SIRET = "900 100 207 00019"
MAKER = "Filature du Val, 3 rue des Tisserands, 49000 Valmont, filature@valmont.example"
GOODS = [
    "Bobine de fil",
    "Boutons nacrés",
    "Dé à coudre",
    "Ruban vert",
    "Mètre ruban",
    "Épingles",
    "Aiguilles",
    "Craie",
]
FILE = "\n".join(
    [
        "référence;nom;rayon;prix;stock;fabricant",
        *(
            f"MER{number};{title};Maison et cadeaux > Décoration;{number},50;9;{MAKER}"
            for number, title in enumerate(GOODS, 1)
        ),
        f"MER9;Ciseaux de couturière;Maison et cadeaux > Décoration;18,90;4;{MAKER}",
        f"MER10;Laine mérinos;Maison et cadeaux > Décoration;6,40;12;{MAKER}",
    ]
)


def test_from_the_application_to_the_first_sale(town, visitor, desks, kiosk):
    keeper = visitor(size={"width": 360, "height": 740})
    found = []

    apply(keeper, town.site, found)
    fill_the_list(keeper, found)
    keeper.get_by_role("button", name="Demander l’ouverture").click()
    expect(keeper.get_by_text("L’association regarde votre boutique.")).to_be_visible()
    resident = visitor()
    assert resident.goto(f"{town.site}/boutiques/{SLUG}/").status == 404  # nobody sells before the opening

    association = visitor(signed_in=desks("vitrines@valmont.example"))
    association.goto(f"{town.site}/exploitation/boutiques/")
    association.get_by_role("link", name=SHOP).click()
    found += faults(association)
    association.get_by_role("button", name="Ouvrir la boutique").click()
    expect(association.get_by_text(f"{SHOP} est ouverte.")).to_be_visible()

    steps.put_into_basket(resident, town.site, "Ciseaux de couturière")
    steps.choose(resident, town.site, "Consigne du Marché", email="couture@example.org")
    order_page = steps.pay(resident)
    number = steps.number_of(resident)
    desk = steps.Desk(keeper, town.site, SLUG)
    desk.accept(number)
    desk.pack(number)
    screen = kiosk("Consigne du Marché")
    screen.deposit(desk.deposit_code(number))
    assert screen.type(steps.pin_of(resident, order_page))
    screen.collect()
    resident.goto(order_page)
    steps.look_until(resident, "Vous avez retiré votre commande.")
    town.books_balance()
    assert town.ask("money", number)["owed_to_shops"] == ["sent"]
    assert found == []


def apply(keeper: Page, site: str, found: list[str]) -> None:
    """The form, the mailed link, a password: at the end the list of what is missing."""
    keeper.goto(f"{site}/vendre/")
    keeper.get_by_role("button", name="M’envoyer le lien").click()  # with nothing typed, to look at its errors too
    found += faults(keeper)
    keeper.get_by_label("Nom de la boutique").fill(SHOP)
    keeper.get_by_label("Métier").select_option(label="Maison et cadeaux")
    keeper.get_by_label("Numéro SIRET").fill(SIRET)
    keeper.get_by_label("Rue et numéro").fill("4 rue Basse")
    keeper.get_by_label("Code postal").fill("49999")
    keeper.get_by_label("Ville").fill("Valmont-sur-Loire")
    keeper.get_by_label("Prénom").fill("Jeanne")
    keeper.get_by_label("Nom de famille").fill("Bobine")
    keeper.get_by_label("Adresse e-mail").fill(EMAIL)
    keeper.get_by_role("button", name="M’envoyer le lien").click()
    expect(keeper.get_by_role("heading", name="Regardez vos e-mails")).to_be_visible()

    keeper.goto(f"{site}/demo/messagerie/")
    steps.look_until(keeper, "Continuez avec votre boutique")
    keeper.get_by_role("link", name="Continuez avec votre boutique").first.click()
    keeper.locator("main a[href*='/vendre/confirmer/']").click()
    found += faults(keeper)
    keeper.get_by_role("button", name="Oui, commencer").click()
    keeper.get_by_label("Nouveau mot de passe").fill("six aiguilles et du fil")
    keeper.get_by_label("Encore une fois le même").fill("six aiguilles et du fil")
    keeper.get_by_role("button", name="Enregistrer et se connecter").click()
    expect(keeper.get_by_role("heading", name="Ouverture de votre boutique")).to_be_visible()


def fill_the_list(keeper: Page, found: list[str]) -> None:
    """Every step of the list, in its order; at the end it may be asked for the opening."""
    checklist = keeper.url

    def begin(key: str, button: str) -> None:
        keeper.goto(checklist)
        found.extend(faults(keeper))
        keeper.locator("li", has=keeper.get_by_role("heading", name=key)).get_by_role("link", name=button).click()
        found.extend(faults(keeper))

    begin("Qui vous êtes", "Donner mes informations")
    keeper.get_by_label("Raison sociale").fill("Bobine SARL")
    keeper.get_by_label("Forme juridique").fill("SARL")
    keeper.get_by_label("Numéro au registre du commerce").fill("RCS Valmont 900 100 207")
    keeper.get_by_label("Téléphone").fill("02 00 00 01 99")
    keeper.get_by_label("Exonéré de TVA").check()
    keeper.get_by_label("Ces informations sont exactes").check()
    keeper.get_by_role("button", name="Enregistrer").click()
    expect(keeper.get_by_text("Vos informations sont enregistrées.")).to_be_visible()

    for contract in ("Contrat avec la place de marché", "Mandat de facturation"):
        begin(contract, "Lire et accepter")
        keeper.get_by_label("J’ai lu ce texte et je l’accepte").check()
        keeper.get_by_role("button", name="Accepter").click()
        expect(keeper.get_by_text("C’est accepté.")).to_be_visible()

    begin("Compte pour les versements", "Mon compte chez Stripe")
    keeper.get_by_role("button", name="Ouvrir mon compte chez Stripe").click()
    keeper.get_by_role("button", name="Tout est donné").click()
    expect(keeper.get_by_role("heading", name="Versements")).to_be_visible()

    begin("Horaires", "Vérifier mes horaires")
    for label, hour in (("ouvre", "08:00"), ("ferme", "20:00")):
        for number, field in enumerate(keeper.get_by_label(label, exact=True).all()):
            field.fill("" if number % 2 else hour)  # without a pause at noon
    keeper.get_by_role("button", name="Enregistrer").click()
    expect(keeper.get_by_text("Vos horaires sont enregistrés.")).to_be_visible()

    begin("Premiers produits", "Remplir mon rayon")
    import_goods(keeper, found)

    begin("Commande d’essai", "Commencer la commande d’essai")
    rehearse(keeper, found)
    keeper.goto(checklist)
    steps.look_until(keeper, "8 sur 8")


def import_goods(keeper: Page, found: list[str]) -> None:
    """Ten products at once, as any spreadsheet writes them."""
    keeper.get_by_role("link", name="Importer un fichier").click()
    file = {"name": "mercerie.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")}
    keeper.locator("input[type=file]").set_input_files(file)
    keeper.get_by_role("button", name="Vérifier le fichier").click()
    found.extend(faults(keeper))
    keeper.get_by_role("button", name="Importer 10 lignes").click()
    expect(keeper.get_by_role("heading", name="Terminé")).to_be_visible(timeout=60_000)


def rehearse(keeper: Page, found: list[str]) -> None:
    """The trial order, to its end."""
    keeper.get_by_role("button", name="Tout accepter").click()
    keeper.get_by_role("button", name="C’est prêt").click()
    found.extend(faults(keeper))
    code = re.sub(r"\D", "", keeper.locator("p.code").inner_text())
    keeper.locator("form").get_by_role("textbox").fill(code)
    keeper.get_by_role("button", name="Ouvrir le casier").click()
    expect(keeper.get_by_text("la porte s’est ouverte et refermée")).to_be_visible()
