"""The offline verifier: is it genuine, changed or unknown, by which checks, in words.

It needs no hub and no network, and imports `cryptography` and `cbor2` alone.
"""
