"""How full: samples, waiting time, usual curve, forecast, advice."""
