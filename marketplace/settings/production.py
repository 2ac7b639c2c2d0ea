"""A live instance behind a TLS proxy. Whatever has no safe default must come from the environment."""

from marketplace.settings.base import *  # noqa: F403
from marketplace.settings.base import SITE_URL, STORAGES, env

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1)
WHITENOISE_USE_FINDERS = False
STORAGES |= {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}

if SITE_URL.startswith("https://"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    OSCAR_BASKET_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
