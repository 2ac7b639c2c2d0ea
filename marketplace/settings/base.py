"""What all instances share. Every outside address (database, broker, storage, Stripe) is one environment variable.

The embedded default needs no server: SQLite in WAL mode and Celery on the filesystem transport, both under `var/`.
"""

from pathlib import Path

import environ
from celery.schedules import crontab
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.settings.embedded import celery_transport_options, secret_key, tune_database
from marketplace.settings.oscar_values import *  # noqa: F403  Oscar reads its values from the settings module

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env("HALLES_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or secret_key(VAR_DIR)
PORT = env.int("PORT", default=8000)
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{PORT}")
SITE_ID = 1
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
# How many proxies of ours stand before the web server, each adding to X-Forwarded-For (foundation.ratelimits).
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# "demo" or "live": decides what is installed. The row `shops.Instance` decides what is allowed (docs/payments.md).
INSTANCE_MODE = env("INSTANCE_MODE", default="demo")
DEMO = INSTANCE_MODE == "demo"
# A demo answers on loopback only, unless its operator says that the world may see it.
DEMO_PUBLIC = env.bool("DEMO_PUBLIC", default=False)

INSTALLED_APPS = [
    "marketplace.apps.MarketplaceConfig",
    "marketplace.foundation",
    "marketplace.accounts",
    "marketplace.checkout",
    "marketplace.search",
    *(["marketplace.demo", "shops.payments.fake"] if DEMO else []),
    "cms",
    "pickup.apps.PickupConfig",
    "shops",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "csp",
    *OSCAR_APPS,
    "widget_tweaks",
    "haystack",
    "treebeard",
    "django_tables2",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.walls.AssociationWalls",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.core.context_processors.metadata",
                "marketplace.context.site",
            ],
            "builtins": ["marketplace.templatetags.days"],
        },
    }
]

# --- data ---------------------------------------------------------------------------------------------------------
DATABASES = {"default": tune_database(env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/halles.sqlite3"), env)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": env.cache_url("CACHE_URL", default=f"filecache://{VAR_DIR}/cache"),
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- people -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["marketplace.accounts.backends.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = reverse_lazy("login")
LOGIN_REDIRECT_URL = reverse_lazy("accounts:after_login")
LOGOUT_REDIRECT_URL = "/"

# --- language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "marketplace" / "locale"]
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "marketplace.formats"
TIME_ZONE = env("TIME_ZONE", default="Europe/Paris")

# --- files --------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
_bucket = env("S3_BUCKET", default="")
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "endpoint_url": env("S3_ENDPOINT_URL", default=None),
            "querystring_auth": False,
        },
    }
    if _bucket
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What no address leads to: catalogue files on their way into a shop.
    "private": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env("S3_PRIVATE_BUCKET", default=_bucket),
            "endpoint_url": env("S3_ENDPOINT_URL", default=None),
            "location": "private",
            "default_acl": "private",
        },
    }
    if _bucket
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MAX_PHOTO_MB = 15
MAX_PHOTO_MEGAPIXELS = 40

# --- mail ---------------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Halles <bonjour@halles.example>")
EMAIL_TIMEOUT = 10

# --- work in the background ---------------------------------------------------------------------------------------
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS = celery_transport_options(CELERY_BROKER_URL, VAR_DIR)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 360
CELERY_BROKER_CONNECTION_TIMEOUT = 0.5
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
_often = {"expires": 50}
CELERY_BEAT_SCHEDULE = {
    "payments": {"task": "shops.tasks.work_payments", "schedule": 15.0, "options": {"expires": 14}},
    "lost webhooks": {"task": "shops.tasks.catch_up_payments", "schedule": crontab(minute=35)},
    "shop deadlines": {"task": "shops.tasks.close_deadlines", "schedule": 60.0, "options": _often},
    "day sheets": {"task": "shops.tasks.send_day_sheets", "schedule": 300.0, "options": _often},
    "taps of the desks": {"task": "shops.tasks.forget_taps", "schedule": crontab(hour=3, minute=30)},
    "searches without an answer": {"task": "shops.tasks.forget_searches", "schedule": crontab(hour=3, minute=35)},
    "applications that nobody confirmed": {
        "task": "shops.tasks.forget_applications",
        "schedule": crontab(hour=3, minute=35),
    },
    "addresses of tills": {"task": "shops.tasks.call_hooks", "schedule": 10.0, "options": {"expires": 9}},
    "pictures of products": {"task": "shops.tasks.work_pictures", "schedule": 20.0, "options": {"expires": 19}},
    "catalogue files": {"task": "shops.tasks.work_catalogues", "schedule": 20.0, "options": {"expires": 19}},
    "old catalogue files": {"task": "shops.tasks.forget_catalogues", "schedule": crontab(hour=3, minute=50)},
    "collections": {"task": "pickup.tasks.keep_collections", "schedule": 60.0, "options": _often},
    "alarms of the lockers": {"task": "pickup.tasks.keep_alarms", "schedule": 60.0, "options": _often},
    "records of the lockers": {"task": "pickup.tasks.forget_old_records", "schedule": crontab(hour=3, minute=40)},
    "days of the lockers": {"task": "pickup.tasks.count_days", "schedule": crontab(hour=2, minute=40)},
    "messages": {"task": "marketplace.foundation.tasks.send_messages", "schedule": 20.0, "options": {"expires": 19}},
    "scheduled pages": {"task": "cms.tasks.publish_scheduled_pages", "schedule": 60.0, "options": _often},
    "visitors of unpaid orders": {
        "task": "marketplace.checkout.tasks.forget_visitors",
        "schedule": crontab(hour=3, minute=10),
    },
    "tidy": {"task": "marketplace.foundation.tasks.tidy", "schedule": crontab(hour=3, minute=20)},
}
if DEMO:
    _deliveries = {"task": "shops.payments.fake.tasks.deliver_webhooks", "schedule": 10.0, "options": {"expires": 9}}
    CELERY_BEAT_SCHEDULE["webhooks of the fake Stripe"] = _deliveries

# --- lockers ------------------------------------------------------------------------------------------------------
# Empty: banks speak HTTPS alone. Else the bridge (`manage.py mqtt_bridge`) signs in here: mqtts://user:password@host.
MQTT_URL = env("MQTT_URL", default="")
# The certificate authority (PEM) that the bridge and the banks believe; empty: those of the system.
MQTT_CA_FILE = env("MQTT_CA_FILE", default="")
# Where banks find the broker; empty: at the host and port of MQTT_URL.
MQTT_BANK_URL = env("MQTT_BANK_URL", default="")

# --- payments -----------------------------------------------------------------------------------------------------
STRIPE_API_KEY = env("STRIPE_API_KEY", default="sk_test_demo" if DEMO else "")
STRIPE_API_BASE = env("STRIPE_API_BASE", default=f"{SITE_URL}/demo/stripe/api" if DEMO else "https://api.stripe.com")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=["whsec_demo"] if DEMO else [])
STRIPE_PAYMENT_METHOD_CONFIGURATION = env("STRIPE_PAYMENT_METHOD_CONFIGURATION", default="")
PAYMENT_FEE_BPS = env.int("PAYMENT_FEE_BPS", default=150)
PAYMENT_FEE_FIXED_CENTS = env.int("PAYMENT_FEE_FIXED_CENTS", default=25)

# Orders of one connection and day that are never paid, yet hold goods for a while. All visitors of a demonstration are one.
MOST_UNPAID_ORDERS = env.int("MOST_UNPAID_ORDERS", default=200 if DEMO else 5)

# How many days a counter keeps goods that nobody has collected. A week: whoever is away, or free on one day only, can come.
COUNTER_KEEPS_DAYS = env.int("COUNTER_KEEPS_DAYS", default=7)

# How many products a shop shows before it may be opened (shops.joining).
MINIMUM_PRODUCTS = env.int("MINIMUM_PRODUCTS", default=10)

# --- the town -----------------------------------------------------------------------------------------------------
TOWN_NAME = env("TOWN_NAME", default="Valmont-sur-Loire" if DEMO else "")
MARKET_NAME = env("MARKET_NAME", default="Les Halles de Valmont" if DEMO else "")
HELP_PHONE = env("HELP_PHONE", default="02 00 00 00 00" if DEMO else "")
HELP_EMAIL = env("HELP_EMAIL", default="aide@halles.example" if DEMO else "")
HOLIDAY_SUBDIVISION = env("HOLIDAY_SUBDIVISION", default="")

# --- security -----------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    # Wagtail's, Oscar's and Django's back offices carry inline scripts of their own; only signed-in staff reach them.
    "EXCLUDE_URL_PREFIXES": ("/cms/", "/gestion/", "/en/cms/"),
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", *([env("MEDIA_HOST")] if env("MEDIA_HOST", default="") else [])],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'", "https://checkout.stripe.com", "https://connect.stripe.com"],
    },
}

# --- Wagtail ------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = MARKET_NAME or "Halles"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = True  # every page has an address in each language (cms.languages)
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False  # one door for everybody (marketplace.accounts)
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "french"}}
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_EXTENSIONS = ["avif", "heic", "jpeg", "jpg", "png", "webp"]
# Every made size, the back office's thumbnails too, is WebP: written without what the camera noted (the place of a home).
WAGTAILIMAGES_FORMAT_CONVERSIONS = dict.fromkeys(["avif", "heic", "jpeg", "png", "webp"], "webp")
WAGTAILDOCS_SERVE_METHOD = "serve_view"
TASKS = {"default": {"BACKEND": "marketplace.foundation.wagtail_tasks.CeleryBackend"}}

# --- Oscar needs haystack installed; nothing of ours uses it --------------------------------------------------------
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
