"""Many nodes in one program, with queues whose truth is known and faults that are planned.

`python -m edge fleet` speaks the contract of `edge.wire` over real MQTT to a real hub, through
the same outbox and uplink as a node with a camera. What it makes up is the queue (`lunch`) and
what befalls the nodes (`faults`); both follow from a seed and are written down (`truth`), so that
whatever a hub says of it can be scored. Left out: pictures, and people who give up.
"""
