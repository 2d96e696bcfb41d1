"""Everything goes wrong in turn, again and again: cable, server, station. Each scan that was kept arrives, in order."""

from __future__ import annotations

import random
from contextlib import ExitStack

import pytest

from devices.simulated import SimulatedScanner
from tests.devices.bench import working
from tests.devices.plant_server import PlantServer
from tests.waiting import until

ROUNDS = 100
SEEDS = (1, 2, 3)


class Storm:
    """One station, one scanner, one server, and the hand that pulls at all of them."""

    def __init__(
        self, plant: PlantServer, scanner: SimulatedScanner, configured, servers: ExitStack, seed: int
    ) -> None:
        self.plant, self.scanner, self.configured = plant, scanner, configured
        self.chance = random.Random(seed)
        self.port = plant.port
        self.journal = configured().journal / "scans.log"
        self.kept: list[str] = []
        self.scans: list[dict[str, object]] = []
        self.servers, self.station = servers, ExitStack()
        self.station.enter_context(working(configured()))
        self.server_is_up = True

    def scan(self) -> None:
        """One code, until the station has it on its disk; its tone may be that of an older one in a backlog."""
        code = f"1J{len(self.kept):06d}"
        self.scanner.scan(code)
        until(lambda: code in self.journal.read_text(encoding="utf-8"), f"{code} in the journal")
        self.kept.append(code)

    def replug(self) -> None:
        self.scanner.unplug()
        self.scanner.plug()

    def server_goes_or_comes(self) -> None:
        if self.server_is_up:
            self.scans += self.plant.scans
            self.plant.close()
        else:
            self.plant = self.servers.enter_context(PlantServer(self.port))
        self.server_is_up = not self.server_is_up

    def station_restarts(self) -> None:
        self.station.close()
        self.replug()
        self.station.enter_context(working(self.configured()))

    def rage(self) -> list[dict[str, object]]:
        """All scans that arrived at any server, in order."""
        moves = [self.scan] * 6 + [self.replug, self.replug, self.server_goes_or_comes, self.station_restarts]
        for _ in range(ROUNDS):
            self.chance.choice(moves)()
        if not self.server_is_up:
            self.server_goes_or_comes()
        before = {scan["code"] for scan in self.scans}
        self.plant.wait_for(lambda: before | {scan["code"] for scan in self.plant.scans} >= set(self.kept), 60)
        self.station.close()
        return [*self.scans, *self.plant.scans]


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_every_scan_of_a_storm_arrives_in_order_and_counts_once(scanner, configured, plant, seed):
    with ExitStack() as servers:
        storm = Storm(plant, scanner, configured, servers, seed)
        arrived = storm.rage()
    first_seen = list(dict.fromkeys(scan["id"] for scan in arrived))
    codes = {scan["id"]: scan["code"] for scan in arrived}
    assert [codes[scan_id] for scan_id in first_seen] == storm.kept
