"""The one URL table. Wagtail's catch-all comes last; page slugs may not equal a prefix of ours (cms.models)."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from marketplace import views
from marketplace.accounts import urls as accounts_urls
from marketplace.accounts.views import other_door
from shops.api.urls import urlpatterns as till_api
from shops.payments.webhooks import stripe_webhook

# Oscar reverses these names (Product.get_absolute_url); they lead to our pages.
oscar_names = (
    [
        path("produits/oscar/<slug:product_slug>-<key:pk>/", views.OscarProduct.as_view(), name="detail"),
        path("rayons/oscar/<path:category_slug>-<key:pk>/", views.OscarCategory.as_view(), name="category"),
    ],
    "catalogue",
)

urlpatterns = [
    path("tlp/1/", include("pickup.banks.urls")),
    path("webhooks/stripe/", stripe_webhook, name="stripe-webhook"),
    path("api/v1/", till_api),
    path("i18n/", include("django.conf.urls.i18n")),
    path("gestion/login/", other_door),
    path("gestion/", admin.site.urls),
    path("cms/login/", other_door),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("healthz", views.healthy, name="healthz"),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain"), name="robots"),
    path("commandes-hors-ligne.js", views.offline_orders, name="offline-orders"),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}favicon.svg"), name="favicon"),
]

if settings.DEMO:
    urlpatterns += [path("demo/stripe/", include("shops.payments.fake.urls"))]

if not settings.STORAGES["default"]["BACKEND"].startswith("storages"):
    urlpatterns += [path("media/<path:path>", views.media)]

urlpatterns += staticfiles_urlpatterns()

urlpatterns += i18n_patterns(
    path("", include(accounts_urls)),
    path("_util/login/", other_door),
    path("", include("shops.urls")),
    path("", include(oscar_names)),
    path("recherche/", include("marketplace.search.urls")),
    path("panier/", include("shops.basket_urls")),
    path("commande/", include("marketplace.checkout.urls")),
    path("espace-boutique/", include("shops.desk.urls")),
    path("exploitation/boutiques/", include("shops.admission.urls")),
    path("", include("pickup.urls")),
    *([path("demo/", include("marketplace.foundation.mailbox_urls"))] if settings.DEMO else []),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
