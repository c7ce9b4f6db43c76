"""Splink 5 on DuckDB over the same reports, with what the server reads of them: compound, door,
institution, position. It is installed for this alone (`pip install splink`) and in no lock."""

from typing import Any

import pyarrow as pa
import splink.comparison_library as compare
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI

from bench.towns import Told, Town
from sync_server.domain.gazetteer import Gazetteer
from sync_server.domain.located import locate
from sync_server.sites.gazetteer import gazetteer_of

RULES = (block_on("area", "building"), block_on("area", "unit"), block_on("area", "room"))


def by_splink(there: Town, least: float = 0.95) -> list[int]:
    """Clusters of pairs that are linked with at least this probability."""
    api = DuckDBAPI()
    known = gazetteer_of(there.compounds)
    rows = [_row(n, told, known) for n, told in enumerate(there.told)]
    frame = api.register(pa.Table.from_pylist(rows))
    linker = Linker(frame, _settings(len(rows)))
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("area", "building"), block_on("area", "unit")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict_within(frame, threshold_match_probability=least)
    found: Any = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, least)
    labels: list[int] = [0] * len(rows)
    for row in found.as_record_list():
        labels[row["unique_id"]] = row["cluster_id"]
    return labels


def _settings(reports: int) -> SettingsCreator:
    """A door has about a dozen other reports for each of its own: told, and not estimated."""
    return SettingsCreator(
        probability_two_random_records_match=12 / reports,
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        blocking_rules_to_generate_predictions=list(RULES),
        comparisons=[
            compare.ExactMatch("building"),
            compare.ExactMatch("unit"),
            compare.ExactMatch("room"),
            compare.JaroWinklerAtThresholds("firm", [0.9, 0.7]),
            compare.ExactMatch("venue"),
            compare.DistanceInKMAtThresholds("lat", "lon", [0.015, 0.03, 0.06, 0.2]),
        ],
    )


def _row(n: int, told: Told, known: Gazetteer) -> dict[str, Any]:
    report = told.report
    located = locate(report.place, known)
    door = (
        {} if located.rest else {p: getattr(located.door, p) for p in ("building", "unit", "room")}
    )
    where = {"lat": report.fix and report.fix.lat, "lon": report.fix and report.fix.lon}
    said = {"firm": report.institution or None, "venue": report.place.venue}
    parts = dict.fromkeys(("building", "unit", "room")) | door
    return {"unique_id": n, "area": located.compound or located.area, **parts, **where, **said}
