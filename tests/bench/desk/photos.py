"""From a photo of twelve megapixels to a published product: CPU and wall seconds of the server, per product.

`as_taken`: the original goes along with the form, as without JavaScript. `cut`: the browser has made a square of 1600 px and
sent it ahead. `heic`: the server turns the original first, then takes the square.
"""

import random
import time
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from PIL import Image

ROUNDS, WARM_UP = 8, 2
SENSOR = (4000, 3000)
PRODUCT = {
    "title": "Croissant", "price": "1,30", "stock_left": "12", "vat_rate": "5.50", "is_public": "on", "net_unit": "piece",
    "temperature": "ambient", "min_age": "0", "volume_l": "1", "withdrawal": "perishable", "allergens": ["gluten", "milk"],
}  # fmt: skip


def measure() -> dict:
    """Figures of one run."""
    from shops.models import ProductSheet
    from tests.factories import make_shop, make_staff

    shop = make_shop("Boulangerie", trade="bakery")
    client = Client()
    client.force_login(make_staff(shop))
    jpeg, heic, square = _photo("JPEG"), _photo("HEIF"), _photo("WEBP", size=(1600, 1600))

    def post(name: str, **fields):
        answer = client.post(reverse(f"desk:{name}", args=[shop.slug]), fields)
        if answer.status_code not in (200, 302):
            raise AssertionError(answer.content)
        return answer

    def as_taken():
        post("new_product", **PRODUCT, upload=_file(jpeg))

    def cut():
        number = post("keep_photo", photo=_file(square)).json()["number"]
        post("new_product", **PRODUCT, photo_number=number)

    def turned():
        post("turn_photo", photo=_file(heic))
        cut()

    figures = {"megapixels": SENSOR[0] * SENSOR[1] / 1e6, "jpeg_mb": round(len(jpeg) / 1e6, 2)}
    with override_settings(ALLOWED_HOSTS=["*"]):
        for name, action in (("as_taken", as_taken), ("cut", cut), ("heic", turned)):
            figures |= {f"{name}_{key}": value for key, value in _timed(action).items()}
    published = ProductSheet.objects.on_sale().exclude(photo="").count()
    if published != 3 * (ROUNDS + WARM_UP):
        raise AssertionError(f"Only {published} products came on sale.")
    return figures | {"published": published}


def _timed(action) -> dict:
    for _round in range(WARM_UP):
        action()
    cpu, wall = time.process_time(), time.perf_counter()
    for _round in range(ROUNDS):
        action()
    seconds = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    return {name: round(value / ROUNDS, 3) for name, value in seconds.items()}


def _photo(kind: str, *, size=SENSOR) -> bytes:
    """Noise over soft light: as heavy as a real photo, and the same in every run."""
    chance = random.Random(1)
    small = Image.frombytes("RGB", (200, 150), bytes(chance.randrange(256) for _ in range(200 * 150 * 3)))
    grain = Image.effect_noise(size, 24).convert("RGB")
    image = Image.blend(small.resize(size, Image.Resampling.BICUBIC), grain, 0.3)
    exif, file = Image.Exif(), BytesIO()
    exif[0x0112] = 6
    image.save(file, kind, quality=88, exif=exif)
    return file.getvalue()


def _file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo", content)
