from django.db import migrations, models

from pickup.models.key import new_pin_key


def make_missing(apps, schema_editor):
    """A bank that never had a computer had no key; codes that it gave so far are drawn anew by `rotate_keys pins`."""
    Bank = apps.get_model("pickup", "Bank")
    for bank in Bank.objects.filter(pin_key=""):
        bank.pin_key = new_pin_key()
        bank.save(update_fields=["pin_key"])


class Migration(migrations.Migration):
    dependencies = [("pickup", "0023_unanswered_commands")]

    operations = [
        migrations.AlterField(
            model_name="bank",
            name="pin_key",
            field=models.CharField(default=new_pin_key, editable=False, max_length=64),
        ),
        migrations.RunPython(make_missing, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="bank",
            constraint=models.CheckConstraint(condition=~models.Q(pin_key=""), name="bank_has_pin_key"),
        ),
    ]
