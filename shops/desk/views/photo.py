"""Photos on their way: sent while the product is still being typed, or turned here because the browser cannot read them."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from shops import pending, photos
from shops.permissions import Role, shop_staff


@shop_staff(Role.MANAGER)
@require_POST
def keep(request, shop):
    """Put a photo aside for the product that is being typed: its number, or the reason against it."""
    try:
        return JsonResponse({"number": pending.keep(shop, _sent(request))})
    except photos.PhotoRefused as error:
        return JsonResponse({"words": str(error)}, status=422)


@shop_staff(Role.MANAGER)
@require_POST
def turn(request, shop):
    """A photo that the browser cannot read (HEIC), upright and as WebP, for the browser to crop; nothing is kept."""
    try:
        return HttpResponse(photos.accept(_sent(request)).read(), content_type="image/webp")
    except photos.PhotoRefused as error:
        return JsonResponse({"words": str(error)}, status=422)


def _sent(request):
    if "photo" not in request.FILES:
        raise photos.PhotoRefused(photos.unreadable())
    return request.FILES["photo"]
