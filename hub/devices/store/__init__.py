"""All SQL about nodes: outboxes, what nodes said of themselves, the site file, dead letters.

Blocking connections: the MQTT door and the commands use these. Nothing here commits.
"""
