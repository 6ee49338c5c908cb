"""A lunch queue, simulated: who stands where, who is served when. The scene's known truth.

Pure: time is simulated, randomness comes from one seed, nothing is drawn. The same seed and the
same simulated time give the same room, however the time was divided into calls. People join at
the end, move up, are served at the counter, carry their trays over the served line, sit or leave.
Left out: people do not push, and walkers pass through one another rather than step aside.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import atan2, hypot, pi, sin
from random import Random

from edge.scene import layout
from edge.scene.layout import Floor

STEP_S = 0.05
WALK_M_S = (0.95, 1.4)
GAP_M = (0.52, 0.78)
STRIDE_M = 1.35  # both steps of a walking cycle


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How lunch comes and goes: a loop of quiet, rush and draining away."""

    quiet_per_min: float = 3.2
    rush_per_min: float = 9.5
    served_per_min: float = 6.0
    loop_s: float = 900.0
    start_s: float = 60.0
    """Where in the loop simulated time 0 lies: the rush is about to begin."""
    fewest: int = 2
    most: int = 15
    passers_per_min: float = 2.5
    sits: float = 0.5
    """The share who look for a seat in the picture; the others carry their tray out of it."""

    def arrivals_per_min(self, now_s: float, in_line: int) -> float:
        """Arrivals a minute; nobody joins a full line, and an empty one is soon joined."""
        if in_line >= self.most:
            return 0.0
        if in_line < self.fewest:
            return 40.0
        part = ((now_s + self.start_s) % self.loop_s) / self.loop_s
        rush = max(0.0, sin(pi * part / 0.5)) if part < 0.5 else 0.0
        return self.quiet_per_min + (self.rush_per_min - self.quiet_per_min) * rush


@dataclass(frozen=True, slots=True)
class Look:
    """What a person looks like: plain numbers for whoever draws them. Colours are BGR, 0..255."""

    height_m: float
    build: float
    skin: tuple[int, int, int]
    hair: tuple[int, int, int]
    hair_style: str
    top: tuple[int, int, int]
    under: tuple[int, int, int]
    top_style: str
    long_sleeves: bool
    bottom: tuple[int, int, int]
    bottom_style: str
    shoes: tuple[int, int, int]
    mask: bool
    lanyard: bool
    bag: bool
    phone: bool


@dataclass(slots=True)
class Person:
    """One person in the room. Positions in metres, heading in radians (0 looks along +x)."""

    number: int
    look: Look
    x_m: float
    y_m: float
    heading_rad: float
    walk_m_s: float
    gap_m: float
    role: str = "diner"
    state: str = "walking"
    route: deque[Floor] = field(default_factory=deque)
    place_m: float = 0.0
    """How far back on the queue's path."""
    moving: bool = False
    phase: float = 0.0
    speed_m_s: float = 0.0
    has_tray: bool = False
    seat: int | None = None
    until_s: float = 0.0
    joined_s: float | None = None
    service_s: float | None = None
    crossed_s: float | None = None

    @property
    def foot_m(self) -> Floor:
        """Where the person stands on the floor."""
        return (self.x_m, self.y_m)


@dataclass(frozen=True, slots=True)
class Served:
    """Somebody who has crossed the served line. Seconds of simulated time."""

    number: int
    joined_s: float
    service_s: float
    crossed_s: float

    @property
    def wait_s(self) -> float:
        """From joining the end of the line to standing at the counter."""
        return self.service_s - self.joined_s


class Lunch:
    """The room over time. `advance_to` moves it; everything else is reading."""

    def __init__(self, seed: int = 0, rhythm: Rhythm | None = None, warm_up_s: float = 75.0):
        self.rhythm = rhythm or Rhythm()
        self.people: list[Person] = []
        self.line: list[Person] = []
        self.served: list[Served] = []
        self.arrived = 0
        self.gone = 0
        self._chance = Random(seed)  # noqa: S311 a scene, not a secret
        self._numbers = 0
        self._at_counter: Person | None = None
        self._seats: dict[int, int] = {}
        self._step = -round(warm_up_s / STEP_S)
        self._place_staff()
        self._place_first_in_line(3 + seed % 4)
        self._start_diners(2 + seed % 5)
        self.advance_to(0.0)

    @property
    def now_s(self) -> float:
        """Simulated seconds since the start."""
        return self._step * STEP_S

    @property
    def queueing(self) -> int:
        """People who have joined and were not yet served, with the one at the counter."""
        return len(self.line) + (self._at_counter is not None)

    def advance_to(self, time_s: float) -> None:
        """Let simulated time pass until `time_s`. Never goes back."""
        while self._step < int(time_s / STEP_S + 1e-6):
            self._step += 1
            self._arrive()
            self._serve()
            self._move_line()
            for person in tuple(self.people):
                self._move(person)

    def in_zone(self) -> list[Person]:
        """Whose foot is in the queue's zone, passers-by too: what a perfect counter would count."""
        return [p for p in self.people if layout.inside(p.foot_m, layout.QUEUE_FLOOR_M)]

    def _arrive(self) -> None:
        coming = sum(p.state == "joining" for p in self.people)
        rate = self.rhythm.arrivals_per_min(self.now_s, len(self.line) + coming)
        if self._chance.random() < rate * STEP_S / 60:
            self._enter()
        if self._chance.random() < self.rhythm.passers_per_min * STEP_S / 60:
            self._pass_by()

    def _enter(self) -> None:
        x, y = layout.DOOR_M
        person = self._person(x + self._chance.uniform(-0.25, 0.25), y)
        person.state = "joining"
        person.has_tray = False
        person.route.append((x, 7.2))

    def _pass_by(self) -> None:
        lane = self._chance.choice((2.75, 3.0, 3.25, 3.1))
        ends = [(-5.6, lane), (5.8, lane)]
        if self._chance.random() < 0.5:
            ends.reverse()
        person = self._person(*ends[0])
        person.role = "passer"
        person.has_tray = self._chance.random() < 0.2
        person.route.extend([ends[1]])
        person.state = "leaving"

    def _serve(self) -> None:
        if self._at_counter is None and self.line and self.line[0].place_m < 0.3:
            first = self.line.pop(0)
            first.state, first.route = "to-counter", deque([layout.SERVICE_SPOT_M])
            self._at_counter = first
        person = self._at_counter
        if person is not None and person.state == "served" and self.now_s >= person.until_s:
            self._send_on(person)

    def _send_on(self, person: Person) -> None:
        self._at_counter = None
        person.has_tray, person.state = True, "leaving"
        x, y = layout.TRAY_RAIL_END_M
        person.route.extend([(x + self._chance.uniform(-0.5, 0.5), y), (3.75, 5.0)])
        free = [s for s in range(len(layout.TABLES_M) * 4) if s not in self._seats]
        if free and self._chance.random() < self.rhythm.sits:
            self._take_seat(person, self._chance.choice(free))
        else:
            person.route.extend([(4.1, 3.2), (self._chance.uniform(2.5, 4.5), -1.5)])

    def _take_seat(self, person: Person, seat: int) -> None:
        self._seats[seat], person.seat, person.state = person.number, seat, "to-seat"
        (tx, ty), (sx, sy, _) = layout.TABLES_M[seat // 4], seat_m(seat)
        if ty < 4:
            person.route.extend([(4.15, 3.4), (min(tx + 1.1, 4.2), 2.95)])
        person.route.append((sx, sy + (0.15 if sy > ty else -0.15)))

    def _move_line(self) -> None:
        ahead = -0.05
        for index, person in enumerate(self.line):
            gap = 0.0 if index == 0 else person.gap_m
            self._close_up(person, ahead + gap)
            ahead = person.place_m

    def _close_up(self, person: Person, target_m: float) -> None:
        behind = person.place_m - target_m
        person.moving = behind > (0.02 if person.moving else 0.3)
        step = min(0.75 * STEP_S, max(behind, 0.0)) if person.moving else 0.0
        person.place_m -= step
        x, y, heading = along_queue(person.place_m)
        self._stride(person, step / STEP_S)
        person.x_m += max(-0.04, min(0.04, x - person.x_m))
        person.y_m += max(-0.04, min(0.04, y - person.y_m))
        sway = 0.35 * sin(self.now_s * 0.11 * person.walk_m_s + person.number)
        _turn(person, heading + sway)

    def _move(self, person: Person) -> None:
        if person.state == "joining":
            self._join(person)
        elif person.state == "seated" and self.now_s >= person.until_s:
            self._stand_up(person)
        if person.state in ("queued", "seated", "served", "staff"):
            if person.state != "queued":
                self._stride(person, 0.0)
                self._fidget(person)
            return
        self._walk(person)

    def _fidget(self, person: Person) -> None:
        if person.state == "staff":
            _turn(person, -pi / 2 + 0.7 * sin(self.now_s * 0.23 + person.number))
        elif person.state == "served":
            _turn(person, pi / 2)

    def _join(self, person: Person) -> None:
        tail = self.line[-1].place_m + person.gap_m if self.line else 0.0
        tail = min(tail, queue_length_m())
        x, y, _ = along_queue(tail)
        if hypot(x - person.x_m, y - person.y_m) < 0.25:
            person.state, person.place_m, person.joined_s = "queued", tail, self.now_s
            person.route.clear()
            self.line.append(person)
        elif person.y_m < 7.4:
            person.route = deque(_way_to_tail(person.foot_m, (x, y)))

    def _walk(self, person: Person) -> None:
        if not person.route:
            self._arrived(person)
            return
        (tx, ty), before = person.route[0], person.x_m
        dx, dy = tx - person.x_m, ty - person.y_m
        distance = hypot(dx, dy)
        step = min(person.walk_m_s * (0.8 if person.has_tray else 1.0) * STEP_S, distance)
        if distance > 1e-6:
            person.x_m += dx / distance * step
            person.y_m += dy / distance * step
            _turn(person, atan2(dy, dx))
        self._stride(person, step / STEP_S)
        self._note_crossing(person, before)
        if distance - step < 0.03:
            person.route.popleft()

    def _note_crossing(self, person: Person, before_x_m: float) -> None:
        (line_x, _), _ = layout.SERVED_FLOOR_M
        joined_s, service_s = person.joined_s, person.service_s
        if person.crossed_s is not None or joined_s is None or service_s is None:
            return
        if before_x_m < line_x <= person.x_m:
            person.crossed_s = self.now_s
            self.served.append(Served(person.number, joined_s, service_s, self.now_s))

    def _arrived(self, person: Person) -> None:
        if person.state == "to-counter":
            person.state, person.service_s = "served", self.now_s
            mean = 60 / self.rhythm.served_per_min - 0.8  # the way to the counter takes its share
            person.until_s = self.now_s + self._chance.gammavariate(6, mean / 6)
        elif person.state == "to-seat" and person.seat is not None:
            person.x_m, person.y_m, person.heading_rad = seat_m(person.seat)
            person.state, person.has_tray = "seated", False
            person.until_s = self.now_s + self._chance.uniform(90, 300)
        elif person.state == "leaving":
            self._leave(person)

    def _stand_up(self, person: Person) -> None:
        seat = person.seat or 0
        self._seats.pop(seat, None)
        _, ty = layout.TABLES_M[seat // 4]
        person.state, person.has_tray, person.seat = "leaving", True, None
        person.y_m += 0.15 if person.y_m > ty else -0.15
        person.route.extend([(4.2, 3.2 if ty > 4 else 2.95), (4.4, -1.5)])

    def _leave(self, person: Person) -> None:
        self.people.remove(person)
        self.gone += 1

    def _stride(self, person: Person, speed_m_s: float) -> None:
        person.speed_m_s += 0.3 * (speed_m_s - person.speed_m_s)
        person.phase = (person.phase + speed_m_s * STEP_S / STRIDE_M) % 1.0

    def _person(self, x: float, y: float) -> Person:
        chance, self._numbers = self._chance, self._numbers + 1
        self.arrived += 1
        person = Person(
            self._numbers, look_of(chance), x, y, -pi / 2,
            chance.uniform(*WALK_M_S), chance.uniform(*GAP_M), phase=chance.random(),
        )  # fmt: skip
        self.people.append(person)
        return person

    def _place_staff(self) -> None:
        for x, y in layout.STAFF_M:
            person = self._person(x, y)
            person.role = person.state = "staff"
            person.look = replace(
                person.look, top=(228, 230, 232), top_style="plain", bottom=(222, 226, 228),
                hair_style="cap", mask=True, lanyard=False, bag=False,
            )  # fmt: skip

    def _place_first_in_line(self, count: int) -> None:
        for index in range(count):
            place = index * 0.66
            x, y, heading = along_queue(place)
            person = self._person(x, y)
            person.state, person.place_m, person.heading_rad = "queued", place, heading
            person.joined_s = self.now_s - (count - index) * 60 / self.rhythm.served_per_min
            self.line.append(person)

    def _start_diners(self, count: int) -> None:
        for seat in self._chance.sample(range(len(layout.TABLES_M) * 4), count):
            x, y, heading = seat_m(seat)
            person = self._person(x, y)
            person.state, person.seat, person.heading_rad = "seated", seat, heading
            person.until_s = self.now_s + self._chance.uniform(60, 260)
            self._seats[seat] = person.number


def seat_m(seat: int) -> tuple[float, float, float]:
    """Where a seat is, and where who sits there looks: x, y in metres, heading in radians."""
    (tx, ty), place = layout.TABLES_M[seat // 4], seat % 4
    far = place >= 2
    x = tx + (-0.33 if place % 2 == 0 else 0.33)
    return (x, ty + 0.62, -pi / 2) if far else (x, ty - 0.62, pi / 2)


def queue_length_m() -> float:
    """How long the queue's path is, in metres."""
    return sum(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(layout.QUEUE_PATH_M))


def along_queue(place_m: float) -> tuple[float, float, float]:
    """The point `place_m` behind the first in line: x, y in metres, heading towards the front."""
    left, pieces = max(place_m, 0.0), _pieces()
    (x0, y0), (x1, y1), length = next(pieces)
    while left > length:
        left -= length
        following = next(pieces, None)
        if following is None:
            left = length
            break
        (x0, y0), (x1, y1), length = following
    part = left / length
    return x0 + (x1 - x0) * part, y0 + (y1 - y0) * part, atan2(y0 - y1, x0 - x1)


def _pieces() -> Iterator[tuple[Floor, Floor, float]]:
    for a, b in pairwise(layout.QUEUE_PATH_M):
        yield a, b, hypot(b[0] - a[0], b[1] - a[1])


def _way_to_tail(here: Floor, tail: Floor) -> list[Floor]:
    """Around the line, not through it: outside on the left, then in front of the near row."""
    if tail[1] > 4.6 or here[0] > -2.9:
        return [tail] if tail[1] > 4.6 or abs(here[0] - tail[0]) < 0.7 else [(tail[0], 3.15), tail]
    return [(-4.15, 3.3), (-2.7, 3.15), tail] if here[1] > 3.5 else [(-2.7, 3.15), tail]


def _turn(person: Person, heading_rad: float) -> None:
    off = (heading_rad - person.heading_rad + pi) % (2 * pi) - pi
    person.heading_rad += max(-0.25, min(0.25, off))


SKINS = ((172, 200, 232), (150, 180, 218), (132, 165, 205), (180, 208, 238), (110, 145, 190))
HAIRS = ((22, 22, 26), (30, 28, 30), (38, 40, 52), (35, 48, 72), (60, 78, 110), (150, 150, 152))
TOPS = (
    (235, 236, 238), (222, 214, 205), (200, 170, 130), (120, 90, 60), (70, 52, 40), (44, 42, 44),
    (110, 110, 112), (165, 165, 168), (150, 175, 205), (90, 120, 165), (70, 70, 150), (60, 60, 175),
    (95, 125, 80), (140, 165, 120), (190, 160, 200), (120, 200, 225), (60, 90, 130),
    (205, 190, 150),
)  # fmt: skip
BOTTOMS = (
    (40, 38, 40), (58, 50, 46), (90, 66, 48), (110, 82, 60), (100, 100, 102), (120, 140, 165),
    (150, 165, 185), (52, 46, 60), (75, 85, 95),
)  # fmt: skip
SHOES = ((28, 28, 30), (40, 48, 70), (225, 225, 228), (70, 70, 75))


def look_of(chance: Random) -> Look:
    """Somebody at random, dressed for an office."""
    woman = chance.random() < 0.5
    height = chance.gauss(1.61, 0.055) if woman else chance.gauss(1.735, 0.06)
    return Look(
        height_m=min(max(height, 1.48), 1.92),
        build=chance.uniform(0.82, 1.0) if woman else chance.uniform(0.92, 1.18),
        skin=chance.choice(SKINS),
        hair=chance.choices(HAIRS, (6, 5, 4, 3, 2, 1))[0],
        hair_style=chance.choices(
            ("long", "bob", "tied", "short") if woman else ("short", "short", "bald", "cap"),
            (4, 4, 3, 1) if woman else (8, 6, 1, 1),
        )[0],
        top=_shade(chance, chance.choice(TOPS)),
        under=chance.choice(TOPS[:3]),
        top_style=chance.choices(("plain", "jacket", "stripes", "vest"), (6, 4, 2, 1))[0],
        long_sleeves=chance.random() < 0.6,
        bottom=_shade(chance, chance.choice(BOTTOMS)),
        bottom_style="skirt" if woman and chance.random() < 0.35 else "trousers",
        shoes=chance.choice(SHOES),
        mask=chance.random() < 0.15,
        lanyard=chance.random() < 0.35,
        bag=chance.random() < 0.2,
        phone=chance.random() < 0.35,
    )


def _shade(chance: Random, colour: tuple[int, int, int]) -> tuple[int, int, int]:
    factor, grey = chance.uniform(0.82, 1.1), sum(colour) / 3
    b, g, r = (round(min(max((0.75 * c + 0.25 * grey) * factor, 14), 240)) for c in colour)
    return (b, g, r)
