"""Distance over the ground, from degrees x 1e7."""

from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_RADIUS_M: Final = 6_371_008.8  # mean radius; within 0.6 % of the ellipsoid


def distance_m(lat_a_e7: int, lon_a_e7: int, lat_b_e7: int, lon_b_e7: int) -> float:
    """Metres along the great circle."""
    lat_a, lat_b = radians(lat_a_e7 / 1e7), radians(lat_b_e7 / 1e7)
    half_lat = (lat_b - lat_a) / 2
    half_lon = radians((lon_b_e7 - lon_a_e7) / 1e7) / 2
    chord = sin(half_lat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))
