"""The seed of what the fault tests draw by lot; CHEONGSA_SEED=7 draws another."""

import os

SEED = int(os.environ.get("CHEONGSA_SEED", "1"))
