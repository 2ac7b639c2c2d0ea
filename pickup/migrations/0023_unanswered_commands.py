from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pickup', '0022_legs_to_come'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='bankcommand',
            index=models.Index(condition=models.Q(('outcome', '')), fields=['not_after'], name='bank_command_unanswered'),
        ),
    ]
