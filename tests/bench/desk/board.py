"""The orders board with 500 open orders: its queries and milliseconds, its weight, and a tap with a network of 200 ms.

A real server answers a real browser at 360 px; the same application in this process is counted and timed.
"""

import gzip
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

OPEN_ORDERS, LINES = 500, 3
WARM_UP, ROUNDS = 3, 30
TAPS = 10
LATENCY_MS = 200
PHONE = {"width": 360, "height": 740}
# Taps the first new order and tells after how many milliseconds the board shows it and the server has answered.
TAP = """() => new Promise((resolve) => {
  const button = document.querySelector('#new [data-order] form[data-tap="accept"] button');
  const { order } = button.closest("[data-order]").dataset;
  const begun = performance.now();
  let shown = 0;
  const look = () => {
    if (!shown && document.querySelector(`#preparing [data-order="${order}"]`)) shown = performance.now() - begun;
    if (shown && !JSON.parse(localStorage.getItem("desk taps")).length) resolve({ shown, answered: performance.now() - begun });
    else setTimeout(look, 1);
  };
  button.click();
  look();
})"""


def measure() -> dict:
    """Figures of one run."""
    staff = _fill()
    board = f"/espace-boutique/{staff.shop.slug}/"
    return {
        "open_orders": OPEN_ORDERS,
        "lines_each": LINES,
        **_in_process(staff.user, {"board": board, "fragment": f"{board}tableau/"}),
        **_in_browser(staff.user, board),
    }


def _fill():
    """A shop with somebody at the desk and open orders: a third each new, being prepared and ready. The person's place."""
    from shops import orders
    from shops.models import ShopStaff
    from tests.bench import buying
    from tests.bench.visitor import stripe_apart
    from tests.factories import make_product, make_shop, make_staff
    from tests.pickup.makers import make_counter

    shop = make_shop("Boucherie du Pont", opening_hours="24/7", answer_minutes=600)
    by_weight = {"sold_by": "weight", "price_per_kg": "18.90", "expected_g": 1200}
    sheets = [
        make_product(shop, "Rôti de bœuf", price="26.09", stock=1000, temperature="chilled", **by_weight),
        make_product(shop, "Saucisson sec", stock=1000),
        make_product(shop, "Moutarde à l’ancienne", price="3.20", stock=1000),
    ]
    make_counter(window_capacity=OPEN_ORDERS)
    staff = ShopStaff.objects.get(user=make_staff(shop))
    with stripe_apart():
        for number in range(OPEN_ORDERS):
            window = buying.counter_windows(sheets)[0]
            shop_order = buying.buy(sheets, window).shop_orders.get()
            if number % 3:
                orders.accept_all(shop_order, by=None)
            if number % 3 == 2:
                grams = {line.pk: 1150 for line in shop_order.lines.all() if line.by_weight}
                orders.mark_ready(shop_order, bags=2, grams=grams)
    return staff


def _in_process(user, addresses: dict[str, str]) -> dict:
    """Queries and CPU milliseconds of each address, through the whole application."""
    from django.core.wsgi import get_wsgi_application

    from tests.bench.report import spread
    from tests.bench.visitor import Visitor, stripe_apart

    application, figures = get_wsgi_application(), {}
    with stripe_apart() as border:
        keeper = Visitor(application, border, user=user)
        counting = Visitor(application, border, counting=True, user=user)
        for name, address in addresses.items():
            samples = [_answered(keeper, address).cpu_ms for _round in range(WARM_UP + ROUNDS)][WARM_UP:]
            answer = _answered(counting, address)
            figures[f"{name}_queries"] = answer.queries
            figures |= {f"{name}_{key}": value for key, value in spread(samples).items()}
            figures[f"{name}_gzip_kb"] = _kb(_gzip(answer.text.encode()))
    return figures


def _answered(visitor, address: str):
    answer = visitor.get(address)
    if answer.status != 200 or answer.text.count("data-order=") < OPEN_ORDERS // 10:
        raise RuntimeError(f"{address}: {answer.status}")
    return answer


def _in_browser(user, board: str) -> dict:
    """Weight of a first visit, and the taps of somebody far from the server."""
    from playwright.sync_api import sync_playwright

    from marketplace.demo.processes import Group, Program, listens
    from tests.bench.report import spread
    from tests.bench.visitor import Visitor
    from tests.journeys.town import three_free_ports

    site = f"http://127.0.0.1:{three_free_ports()}"
    command = [sys.executable, "-m", "gunicorn", "marketplace.wsgi:application", "--bind", urlsplit(site).netloc]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", "4", "--no-control-socket"]
    log = Path(settings.VAR_DIR) / "log" / "web.txt"
    program = Program("web", command, listens(f"{site}/connexion/"), log, {"SITE_URL": site})
    session = Visitor(None, None, user=user).cookies[settings.SESSION_COOKIE_NAME].value
    with Group([program]) as group, sync_playwright() as playwright:
        group.wait_until_up(lambda _text: None)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(viewport=PHONE, locale="fr-FR")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        page = context.new_page()
        weights = _weights(page, site + board)
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        slow = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": -1, "uploadThroughput": -1}
        network.send("Network.emulateNetworkConditions", slow)
        taps = []
        for _number in range(TAPS):
            page.goto(site + board, wait_until="networkidle")
            taps.append(page.evaluate(TAP))
            time.sleep(0.2)
        browser.close()
    shown = spread([tap["shown"] for tap in taps])
    answered = spread([tap["answered"] for tap in taps])
    return {
        **weights,
        "tap_latency_ms": LATENCY_MS,
        **{f"tap_shown_{key}": value for key, value in shown.items()},
        **{f"tap_answered_{key}": value for key, value in answered.items()},
    }


def _weights(page, address: str) -> dict:
    """Kilobytes, compressed, of the page with the stylesheets and scripts that it loads."""
    answers = []
    page.on("response", lambda answer: answers.append(answer))  # the wrapper of a built-in method cannot be marked
    page.goto(address, wait_until="networkidle")
    sizes = {"document": 0, "stylesheet": 0, "script": 0}
    for answer in answers:
        kind = answer.request.resource_type
        if kind in sizes and answer.ok:
            sizes[kind] += _gzip(answer.body())
    return {**{f"{kind}_gzip_kb": _kb(size) for kind, size in sizes.items()}, "page_gzip_kb": _kb(sum(sizes.values()))}


def _gzip(content: bytes) -> int:
    return len(gzip.compress(content, compresslevel=6))


def _kb(size: int) -> float:
    return round(size / 1000, 1)
