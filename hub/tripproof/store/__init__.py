"""All SQL of the trip proof. Nothing here commits: the door does, once per request."""
