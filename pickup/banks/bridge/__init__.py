"""The server's end of the MQTT line: one process (`manage.py mqtt_bridge`) that stores what banks report and passes on what they
are owed. It keeps nothing of its own: killed at any moment, it goes on from the database and from the banks' outboxes."""
