"""The one-touch trip proof: what a phone signs, how it is sealed, logged, judged and verified.

Byte by byte in docs/trip-protocol.md. The codecs here are pure: bytes in, bytes out, with keys and
times handed in. They import `cryptography` and `cbor2` and nothing else, so that the offline
verifier (`python -m hub.tripproof.verify`) stands alone. Nothing here claims that anybody was
anywhere: it says what was stated, when it was heard, and that neither changed since.
"""
