import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def set_ends_of_food(apps, schema_editor):
    """Chilled and frozen goods behind doors kept until the end that was promised for them."""
    Leg = apps.get_model("pickup", "Leg")
    end = apps.get_model("pickup", "Collection").objects.filter(pk=models.OuterRef("collection")).values("ends_at")
    cold = Leg.objects.filter(temperature__in=["chilled", "frozen"], collection__point__kind="bank")
    cold.update(keeps_until=models.Subquery(end))


class Migration(migrations.Migration):

    dependencies = [
        ('pickup', '0004_accessibility'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='leg',
            name='keeps_until',
            field=models.DateTimeField(blank=True, help_text='Empty: the goods keep longer than anybody waits.', null=True, verbose_name='the food keeps until'),
        ),
        migrations.AlterField(
            model_name='collection',
            name='status',
            field=models.CharField(choices=[('held', 'waiting for the payment'), ('confirmed', 'being prepared'), ('depositing', 'being deposited'), ('ready', 'ready to collect'), ('partial_ready', 'ready in part'), ('collected', 'collected'), ('overdue', 'not collected in time'), ('at_counter', 'waiting at the counter'), ('disputed', 'goods are missing'), ('released', 'ended without collection')], default='held', max_length=13, verbose_name='status'),
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('previous_end', models.DateTimeField(verbose_name='end before')),
                ('new_end', models.DateTimeField(verbose_name='new end')),
                ('reason', models.CharField(choices=[('resident', 'the resident asked'), ('outage', 'the bank was out of order')], max_length=8, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='given on')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='pickup.collection')),
            ],
            options={
                'verbose_name': 'extension',
                'verbose_name_plural': 'extensions',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('new_end__gt', models.F('previous_end'))), name='extension_is_later')],
            },
        ),
        migrations.CreateModel(
            name='Problem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('door_did_not_open', 'A door did not open'), ('something_missing', 'Something is missing'), ('wrong_goods', 'These are not my goods'), ('damaged', 'Goods are damaged'), ('compartment_dirty', 'The compartment is dirty')], max_length=20, verbose_name='problem')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name="in the resident's words")),
                ('status', models.CharField(choices=[('open', 'waits for an answer'), ('answered', 'answered')], default='open', max_length=8, verbose_name='status')),
                ('reported_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='reported')),
                ('answer_by', models.DateTimeField(verbose_name='a person answers by')),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='pickup.collection')),
                ('compartment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='problems', to='pickup.compartment')),
                ('leg', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='pickup.leg')),
            ],
            options={
                'verbose_name': 'reported problem',
                'verbose_name_plural': 'reported problems',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['status', 'answer_by'], name='problem_waits')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='for whom')),
                ('jti', models.CharField(editable=False, max_length=12, unique=True)),
                ('code_version', models.PositiveSmallIntegerField(default=1, editable=False)),
                ('pin_mac', models.CharField(editable=False, max_length=20)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='given on')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last used')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='pickup.collection')),
            ],
            options={
                'verbose_name': 'shared code',
                'verbose_name_plural': 'shared codes',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['pin_mac'], name='share_code')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('collection',), name='one_active_share')],
            },
        ),
        migrations.RunPython(set_ends_of_food, migrations.RunPython.noop, elidable=True),
    ]
