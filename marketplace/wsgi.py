"""WSGI entry point. A process whose settings and instance row disagree about real money does not start."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.base")
application = get_wsgi_application()

from shops.payments import instance  # noqa: E402  needs the application to be loaded

instance.verify()
