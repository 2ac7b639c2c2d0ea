"""Addresses of the desk. Everything below a shop's slug goes through `shops.permissions.shop_staff`."""

from django.urls import include, path

from shops.desk.views import (
    catalogue,
    closures,
    figures,
    goods,
    joining,
    orders,
    payouts,
    people,
    pictures,
    portrait,
    refunds,
    sharing,
    shelf,
    shop,
    standing,
    till,
    trial,
)

app_name = "desk"

of_order = [
    path("", orders.order, name="order"),
    path("accepter/", orders.accept, name="accept"),
    path("refuser/", orders.refuse, name="refuse"),
    path("prete/", orders.ready, name="ready"),
    path("code/", orders.deposit_code, name="deposit_code"),
    path("etiquettes/", orders.labels, name="labels"),
    path("rembourser/", refunds.refund, name="refund"),
]

of_product = [
    path("", goods.edit, name="product"),
    path("rayonnage/", shelf.save, name="shelf"),
    path("epuise/", shelf.sell_out, name="sell_out"),
    path("visible/", shelf.publish, name="publish"),
    path("historique/", shelf.history, name="product_history"),
]

of_shop = [
    path("", orders.board, name="board"),
    path("hors-ligne.js", orders.worker, name="worker"),
    path("tableau/", orders.board_fragment, name="board_fragment"),
    path("commandes/accepter/", orders.accept_new, name="accept_new"),
    path("commandes/<int:pk>/", include(of_order)),
    path("produits/", shelf.products_list, name="products"),
    path("produits/annuler/", shelf.undo, name="undo"),
    path("produits/visibles/", shelf.publish_chosen, name="publish_chosen"),
    path("produits/nouveau/", goods.new, name="new_product"),
    path("produits/<int:pk>/", include(of_product)),
    path("importer/", catalogue.upload, name="import"),
    path("importer/confirmer/", catalogue.confirm, name="import_confirm"),
    path("photos/", pictures.from_archive, name="pictures"),
    path("photos/reessayer/", pictures.try_again, name="pictures_again"),
    path("boutique/", shop.profile, name="shop"),
    path("boutique/photos/", portrait.pictures, name="portrait"),
    path("boutique/photos/<int:pk>/principale/", portrait.first, name="portrait_first"),
    path("boutique/photos/<int:pk>/supprimer/", portrait.remove, name="portrait_remove"),
    path("boutique/horaires/", shop.week, name="week"),
    path("boutique/fermetures/", closures.closures, name="closures"),
    path("boutique/fermetures/<int:pk>/supprimer/", closures.remove, name="remove_closure"),
    path("boutique/pause/", shop.pause, name="pause"),
    path("versements/", payouts.state, name="payouts"),
    path("versements/commencer/", payouts.begin, name="payouts_begin"),
    path("versements/continuer/", payouts.resume, name="payouts_resume"),
    path("versements/retour/", payouts.come_back, name="payouts_return"),
    path("commencer/", shop.start, name="start"),
    path("ouverture/", joining.checklist, name="joining"),
    path("ouverture/demander/", joining.ask, name="joining_ask"),
    path("identite/", joining.trader, name="trader"),
    path("contrats/<slug:kind>/", joining.contract, name="contract"),
    path("suspension/", standing.suspension, name="suspension"),
    path("quitter/", standing.leave, name="leave"),
    path("donnees/", standing.download, name="data"),
    path("essai/", trial.walk, name="trial"),
    path("caisse/", till.overview, name="till"),
    path("caisse/cles/", till.make_key, name="till_key_new"),
    path("caisse/cles/<int:pk>/retirer/", till.revoke_key, name="till_key_revoke"),
    path("equipe/", people.team, name="people"),
    path("equipe/<int:pk>/", people.change_role, name="change_role"),
    path("equipe/<int:pk>/inviter/", people.invite_again, name="invite_again"),
    path("equipe/<int:pk>/retirer/", people.remove, name="remove_person"),
    path("chiffres/", figures.figures_page, name="figures"),
    path("activite/", sharing.activity, name="activity"),
    path("code-personnel/", sharing.pin, name="pin"),
    path("tablettes/", sharing.list_tablets, name="tablets"),
    path("tablettes/<int:pk>/retirer/", sharing.end_tablet, name="end_tablet"),
    path("mandat/", sharing.mandate, name="mandate"),
    path("mandat/fin/", sharing.end_mandate, name="end_mandate"),
]

urlpatterns = [
    path("", shop.home, name="home"),
    path("-/tablette/", sharing.tablet, name="tablet"),
    path("<slug:slug>/", include(of_shop)),
]
