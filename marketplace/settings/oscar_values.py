"""Every OSCAR_* value of the project, over Oscar's own defaults."""

from oscar.defaults import *  # noqa: F403

OSCAR_DYNAMIC_CLASS_LOADER = "marketplace.oscar_changes.load_classes"
OSCAR_SHOP_NAME = "Halles"
OSCAR_HOMEPAGE = "/"
OSCAR_DEFAULT_CURRENCY = "EUR"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_ALLOW_ANON_REVIEWS = False
OSCAR_FROM_EMAIL = "bonjour@halles.example"
OSCAR_SEND_REGISTRATION_EMAIL = False
OSCAR_EAGER_ALERTS = False
OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 200
OSCAR_HIDDEN_FEATURES = ["reviews", "wishlists"]
OSCAR_THUMBNAILER = "marketplace.oscar_changes.NoThumbnails"
OSCAR_REQUIRED_ADDRESS_FIELDS = ("last_name", "line1", "line4", "postcode", "country")

# Oscar's order status only mirrors ours: unpaid -> paid -> cancelled. The truth is ShopOrder, Payment and Collection.
OSCAR_INITIAL_ORDER_STATUS = "unpaid"
OSCAR_ORDER_STATUS_PIPELINE = {"unpaid": ("paid", "cancelled"), "paid": ("cancelled",), "cancelled": ()}
OSCAR_INITIAL_LINE_STATUS = "unpaid"
OSCAR_LINE_STATUS_PIPELINE = {"unpaid": ("paid", "cancelled"), "paid": ("cancelled",), "cancelled": ()}

# No Oscar app can be dropped (its models refer to each other); their pages are simply not mounted.
OSCAR_APPS = [
    "oscar.config.Shop",
    "marketplace.oscar_changes.QuietAnalytics",
    "oscar.apps.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "oscar.apps.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "oscar.apps.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
]
