"""The servers that `make run` and the tests bring along: PostgreSQL and an MQTT broker.

They listen on a unix socket and on loopback, never trust a stranger, and hold their data in a
folder of the office's choice. A server in production is given by HUB_DATABASE_DSN and
HUB_BROKER_URL instead.
"""
