"""Orders that were paid before anybody could listen: a program that reads from the beginning finds them too."""

from django.db import migrations, models

AT_ONCE = 1000


def forwards(apps, schema_editor):
    ShopEvent, ShopOrder = apps.get_model("shops", "ShopEvent"), apps.get_model("shops", "ShopOrder")
    paid = ShopOrder.objects.filter(paid_at__isnull=False).order_by("paid_at", "pk")
    rows = (
        ShopEvent(shop_id=shop, kind="order.placed", shop_order_id=pk, at=at)
        for pk, shop, at in paid.values_list("pk", "shop_id", "paid_at").iterator()
    )
    ShopEvent.objects.bulk_create(rows, batch_size=AT_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ('shops', '0021_applications_of_one_number'),
    ]

    operations = [
        migrations.AlterField(
            model_name='shopevent',
            name='kind',
            field=models.CharField(choices=[('order.placed', 'a paid order has come'), ('order.accepted', 'accepted, whole or in part'), ('order.refused', 'refused, by the shop or by its silence'), ('order.changed', 'the resident answered to goods offered instead'), ('order.ready', 'packed'), ('order.cancelled', 'cancelled by the resident, or the payment was lost'), ('order.collected', 'the resident has the goods'), ('order.missing', 'never came to the collection point'), ('order.not_collected', 'nobody came'), ('product.sold_out', 'an order took the last piece')], max_length=20),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
