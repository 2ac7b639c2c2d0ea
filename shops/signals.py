"""The only words that travel upward. All are sent inside the transaction of the change they tell of."""

from django.dispatch import Signal

order_paid = Signal()  # order: the hold on the resident's card stands
order_cancelled = Signal()  # order, reason: unpaid, cancelled by the resident, or every shop refused
replacement_chosen = Signal()  # line (offered instead of another), accepted; silent: nobody answered in time
shop_order_moved = Signal()  # shop_order, previous, by, reason
goods_missing = (
    Signal()
)  # shop_order, lines, refund (or None), reason: given up; "": they never came to the collection point
goods_ruined = Signal()  # shop_order, lines, refund (or None), place: spoiled where they waited, the shop is paid
goods_lost = Signal()  # the same: gone from where they waited, nobody knows how
goods_late = Signal()  # shop_order, place: they came there after their refund
goods_not_collected = Signal()  # shop_order, returned, spoiled: lines; refund (or None) of the returned ones

product_changed = Signal()  # sheet: put on the shelf or changed by shops.products
shelf_changed = Signal()  # sheets: a till has set their stock or price; what the search knows of them is the same
products_changed = Signal()  # sheets: many at once, by shops.shelving
shop_changed = Signal()  # shop: saved, so what its page says may have changed
staff_invited = Signal()  # staff, by: a person may work in a shop from now on, or is reminded that they may

payment_authorised = Signal()  # payment; sent by payments, received by shops.orders
payment_captured = Signal()  # payment
payment_lost = Signal()  # payment, reason: abandoned, hold expired, refused
payment_disputed = Signal()  # payment, state: "open", "won" or "lost"; the resident's bank takes the money back
refund_done = Signal()  # refund
transfer_sent = Signal()  # transfer
