"""What a shop needs before it may sell, and the steps of its opening: asked, opened or sent back, each kept and mailed."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from marketplace.foundation.models import Message
from shops import joining
from shops.models import Shop, ShopStaff
from tests.factories import make_product, make_shop, make_staff, make_user
from tests.shops.at_the_desk import sign_in
from tests.shops.joining_of import TRADER, make_draft, make_opener, make_ready

pytestmark = pytest.mark.django_db
OWNER = ShopStaff.Role.OWNER


def states(shop) -> dict[str, str]:
    return {item.requirement.key: item.state for item in joining.checklist(shop)}


def mails() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("kind", "to"))


def test_a_new_draft_misses_everything_but_its_number():
    assert states(make_draft()) == {
        "trader": "missing", "siret": "done", "terms": "waiting", "mandate": "waiting", "payouts": "missing",
        "hours": "missing", "products": "missing", "trial": "missing", "profile": "missing",
    }  # fmt: skip


def test_a_ready_shop_misses_only_what_is_advised():
    shop, _owner = make_ready()

    assert [key for key, state in states(shop).items() if state != "done"] == ["profile"]
    assert joining.missing(shop) == []


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("trader", {"phone": ""}),
        ("trader", {"register_number": ""}),
        ("trader", {"certified_at": None}),
        ("trader", {"vat_exempt": False}),
        ("siret", {"siret": "123"}),
        ("payouts", {"transfers_active": False}),
        ("hours", {"hours_confirmed_at": None}),
        ("hours", {"opening_hours": "when I like"}),
        ("hours", {"opening_hours": "Mo-Su off"}),
        ("trial", {"rehearsed_at": None}),
    ],
)
def test_each_thing_that_is_missing_keeps_the_shop_closed(key, change):
    shop, owner = make_ready()
    Shop.objects.filter(pk=shop.pk).update(**change)
    shop.refresh_from_db()

    with pytest.raises(joining.NotComplete, match=str(joining.BY_KEY[key].name)):
        joining.ask(shop, by=owner)

    shop.refresh_from_db()
    assert shop.status == Shop.Status.DRAFT
    assert not shop.history().exists()


def test_hidden_products_do_not_fill_a_shelf(settings):
    settings.MINIMUM_PRODUCTS = 3
    shop, _owner = make_ready(products=3)
    sheet = shop.sheets.first()
    type(sheet.product).objects.filter(pk=sheet.product_id).update(is_public=False)

    assert states(shop)["products"] == "missing"
    make_product(shop)
    assert states(shop)["products"] == "done"


def test_the_opening_from_the_question_to_the_storefront(client):
    opener = make_opener("association@example.org")
    shop, owner = make_ready()

    joining.ask(shop, by=owner)
    assert client.get(f"/boutiques/{shop.slug}/").status_code == 404
    joining.open_shop(shop, by=opener)

    assert client.get(f"/boutiques/{shop.slug}/").status_code == 200
    assert [(move.previous, move.current, move.by) for move in shop.history()] == [
        ("draft", "waiting", owner),
        ("waiting", "open", opener),
    ]
    assert [mail for mail in mails() if mail[0].startswith("joining")] == [
        ("joining_asked", opener.email),
        ("joining_opened", owner.email),
    ]


def test_something_that_goes_missing_while_the_shop_waits_stops_the_opening():
    shop, owner = make_ready()
    joining.ask(shop, by=owner)
    Shop.objects.filter(pk=shop.pk).update(transfers_active=False)

    with pytest.raises(joining.NotComplete):
        joining.open_shop(shop, by=make_opener())

    shop.refresh_from_db()
    assert shop.status == Shop.Status.WAITING


def test_a_shop_that_is_sent_back_reads_why_and_may_ask_again():
    opener = make_opener()
    shop, owner = make_ready()
    joining.ask(shop, by=owner)

    joining.send_back(shop, by=opener, sentence="La photo du pain est floue.")

    page = sign_in(shop, OWNER)("joining").content.decode()
    sent = Message.objects.get(kind="joining_sent_back")
    assert "La photo du pain est floue." in page
    assert ("La photo du pain est floue." in sent.text, sent.to) == (True, owner.email)
    joining.ask(shop, by=owner)
    shop.refresh_from_db()
    assert shop.status == Shop.Status.WAITING


@pytest.mark.parametrize("sentence", ["", "   \n"])
def test_nobody_is_sent_back_without_a_word(sentence):
    shop, owner = make_ready()
    joining.ask(shop, by=owner)

    with pytest.raises(joining.NoReason):
        joining.send_back(shop, by=make_opener(), sentence=sentence)

    shop.refresh_from_db()
    assert shop.status == Shop.Status.WAITING


@pytest.mark.parametrize("status", ["draft", "open", "suspended", "closed"])
def test_only_a_shop_that_waits_is_opened_or_sent_back(status):
    shop, _owner = make_ready()
    Shop.objects.filter(pk=shop.pk).update(status=status)

    with pytest.raises(joining.NotWaiting):
        joining.open_shop(shop, by=make_opener())
    with pytest.raises(joining.NotWaiting):
        joining.send_back(shop, by=make_opener(), sentence="Non")

    assert Shop.objects.get(pk=shop.pk).status == status


def test_a_waiver_with_a_reason_counts_as_done_and_is_kept():
    opener = make_opener()
    shop, owner = make_ready(products=0)

    joining.waive(shop, requirement="products", reason="Vend six paniers par an.", by=opener)
    joining.ask(shop, by=owner)

    assert states(shop)["products"] == "waived"
    assert list(shop.waivers.values_list("requirement", "reason", "by")) == [
        ("products", "Vend six paniers par an.", opener.pk)
    ]


@pytest.mark.parametrize("requirement", ["trader", "siret", "terms", "payouts", "profile", "nonsense", ""])
def test_what_the_law_asks_for_is_never_waived(requirement):
    shop = make_draft()

    with pytest.raises(joining.NotWaivable):
        joining.waive(shop, requirement=requirement, reason="Parce que", by=make_opener())

    assert not shop.waivers.exists()


def test_the_database_refuses_an_open_shop_without_a_name():
    shop = make_shop()

    with pytest.raises(IntegrityError), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(legal_name="")


def test_the_desk_of_a_draft_begins_with_the_list_in_plain_words():
    shop = make_draft("Chez Nous")
    desk = sign_in(shop, OWNER)

    assert desk("start").url == reverse("desk:joining", args=[shop.slug])
    page = desk("joining")
    assert (page.context["done"], page.context["all"]) == (1, 8)
    assert reverse("desk:trader", args=[shop.slug]) in page.content.decode()


@pytest.mark.parametrize("role", [ShopStaff.Role.HELPER, ShopStaff.Role.MANAGER])
def test_others_than_owners_see_nothing_of_the_opening(role):
    desk = sign_in(make_draft(), role)

    assert desk("start").url.endswith("/espace-boutique/" + desk("board").context["shop"].slug + "/")
    assert "/ouverture/" not in desk("board").content.decode()
    assert desk("joining").status_code == 404


def test_asking_too_early_at_the_desk_says_what_is_missing():
    shop = make_draft()

    page = sign_in(shop, OWNER)("joining_ask", data={}).content.decode()

    assert str(joining.BY_KEY["payouts"].name) in page
    assert Shop.objects.get(pk=shop.pk).status == Shop.Status.DRAFT


def trader_answers(**changed) -> dict:
    return {
        "legal_name": "Pain SARL", "legal_form": "SARL", "register_number": "RCS Angers 1", "street": "1 rue", "town": "V",
        "postcode": "49000", "phone": "02 41 00 00 00", "email": "pain@example.org", "vat_number": "", "vat_exempt": "on",
        "is_true": "on",
    } | changed  # fmt: skip


def test_the_owner_gives_the_trader_details_with_their_word():
    shop = make_draft(siret="12345678900012")

    sign_in(shop, OWNER)("trader", data=trader_answers(vat_number="fr 00 123 456 789", vat_exempt=""))

    shop.refresh_from_db()
    assert (shop.legal_name, shop.vat_number, shop.vat_exempt) == ("Pain SARL", "FR00123456789", False)
    assert states(shop)["trader"] == "done"
    assert shop.certified_by.shop_roles.get().shop == shop


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("legal_name", ""), ("register_number", ""), ("phone", ""), ("phone", "12"), ("phone", "a" * 20), ("email", "x"),
        ("postcode", "4"), ("postcode", "４９０００x"), ("street", ""), ("town", ""),
        ("is_true", ""), ("vat_exempt", ""), ("vat_number", "FR00123456789"),
        ("vat_number", "FR0099999999"), ("vat_number", "<script>"), ("legal_name", "x" * 121), ("legal_form", "a\x00"),
    ],
)  # fmt: skip
def test_nonsense_in_the_trader_details_changes_nothing(field, wrong):
    shop = make_draft(siret="12345678900012")
    before = Shop.objects.filter(pk=shop.pk).values().get()

    page = sign_in(shop, OWNER)("trader", data=trader_answers(**{field: wrong}))

    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["vat_number" if field == "vat_exempt" else field]
    assert Shop.objects.filter(pk=shop.pk).values().get() == before


def test_a_live_instance_checks_the_key_of_the_vat_number(settings):
    settings.INSTANCE_MODE = "live"
    shop = make_draft(siret="73282932000074")
    desk = sign_in(shop, OWNER)

    wrong = desk("trader", data=trader_answers(vat_number="FR00732829320", vat_exempt=""))
    assert "vat_number" in wrong.context["form"].errors
    desk("trader", data=trader_answers(vat_number="FR44732829320", vat_exempt=""))

    shop.refresh_from_db()
    assert shop.vat_number == "FR44732829320"


def test_an_open_shop_does_not_change_hands_in_silence():
    opener = make_opener()
    shop = make_shop(**TRADER, certified_at=timezone.now())

    sign_in(shop, OWNER)("trader", data=trader_answers())

    assert mails() == [("trader_changed", opener.email)]


def test_saved_hours_are_confirmed_hours():
    shop = make_draft()

    sign_in(shop, OWNER)("week", data={"Mo_from_1": "09:00", "Mo_to_1": "12:00"})

    assert states(Shop.objects.get(pk=shop.pk))["hours"] == "done"


def test_the_shop_and_product_pages_say_who_sells(client):
    shop = make_shop(**TRADER, siret="12345678900012", certified_at=timezone.now())
    sheet = make_product(shop)

    for address in (shop.get_absolute_url(), sheet.get_absolute_url()):
        page = client.get(address).content.decode()
        told = ["Boutique SARL", "12345678900012", "RCS Angers 000 000 000", shop.street, "02 00 00 00 00", shop.email]
        assert [fact for fact in told if fact not in page] == []


def test_a_person_who_opens_shops_begins_with_the_list(client):
    client.force_login(make_opener())
    shop, owner = make_ready("Attend")
    joining.ask(shop, by=owner)

    answer = client.get("/mon-compte/", follow=True)

    assert answer.request["PATH_INFO"] == reverse("admission:shops")
    assert "Attend" in answer.content.decode()


def test_the_list_opens_sends_back_and_lets_off(client):
    client.force_login(make_opener())
    shop, owner = make_ready(products=0)

    client.post(reverse("admission:waive", args=[shop.slug]), {"requirement": "products", "reason": "Peu de produits"})
    joining.ask(shop, by=owner)
    client.post(reverse("admission:send_back", args=[shop.slug]), {"sentence": "Presque !"})
    joining.ask(shop, by=owner)
    page = client.get(reverse("admission:shop", args=[shop.slug])).content.decode()
    client.post(reverse("admission:open", args=[shop.slug]))

    shop.refresh_from_db()
    assert ("Peu de produits" in page, "Presque !" in page) == (True, True)
    assert shop.status == Shop.Status.OPEN


@pytest.mark.parametrize("name", ["open", "send_back", "waive"])
@pytest.mark.parametrize("fields", [{}, {"sentence": "\x00", "requirement": "\x00", "reason": "x" * 5000}])
def test_nonsense_at_the_list_changes_nothing(client, name, fields):
    client.force_login(make_opener())
    shop = make_draft()

    answer = client.post(reverse(f"admission:{name}", args=[shop.slug]), fields)

    assert answer.status_code in (302, 422)
    assert (Shop.objects.get(pk=shop.pk).status, shop.waivers.count()) == ("draft", 0)


@pytest.mark.parametrize("name", ["shops", "shop", "open", "send_back", "waive"])
@pytest.mark.parametrize("who", ["nobody", "resident", "owner", "staff"])
def test_for_everybody_else_the_list_does_not_exist(client, name, who):
    shop, owner = make_ready()
    joining.ask(shop, by=owner)
    people = {"resident": make_user, "owner": lambda: make_staff(shop), "staff": lambda: make_user(is_staff=True)}
    if who in people:
        client.force_login(people[who]())
    address = reverse(f"admission:{name}", args=[] if name == "shops" else [shop.slug])

    answers = [client.get(address), client.post(address, {"sentence": "x", "requirement": "trial", "reason": "x"})]

    assert {answer.status_code for answer in answers} == {404 if who in people else 302}
    assert Shop.objects.get(pk=shop.pk).status == Shop.Status.WAITING
