import pytest

from toysup import spec
from toysup.errors import SpecError
from toysup.files import packaged
from toysup.spec import sweepfile

CLAIM = {
    "says": "s",
    "rows": {"objective": "mse"},
    "verdict": "minimising",
    "predicted": "supported",
}
SWEEP = {
    "seeds": 10,
    "features": {"independent": {"feature_probability": [0.1, 0.01]}},
    "objective": {"mse": {}},
    "claims": [{"name": "all", **CLAIM}, {"name": "rare", **CLAIM}],
}


def small(table, **changes):
    return spec.parse({**SWEEP, "small": table}, "a", "a.toml", small=True, **changes)


def faults(table, small=True):
    with pytest.raises(SpecError) as error:
        spec.parse({**SWEEP, "small": table}, "a", "a.toml", small=small)
    return error.value.faults


def test_a_small_version_changes_what_its_table_says_and_keeps_the_claims_that_it_names():
    made = small({"set": ["seeds=3", "feature_probability=0.1"], "claims": ["all"]})
    assert (made.name, len(made.seeds)) == ("a-small", 3)
    assert made.features["independent"]["feature_probability"] == (0.1,)
    assert [claim.name for claim in made.claims] == ["all"]


def test_a_small_version_leaves_out_tables_before_its_overrides_are_read():
    views = {"mask": {}, "noise": {}}
    two = SWEEP | {"objective": {"mse": {}, "infonce": {}}, "views": views}
    table = {"without": ["views.noise"], "set": ["keep_probability=0.3"]}
    made = spec.parse({**two, "small": table}, "a", small=True)
    assert list(made.views) == ["mask"]
    assert list(spec.parse({**two, "small": table}, "a").views) == ["mask", "noise"]


def test_without_a_list_of_names_all_claims_stay():
    assert [claim.name for claim in small({"set": ["seeds=3"]}).claims] == ["all", "rare"]


def test_the_whole_sweep_does_not_know_of_its_small_version():
    whole = spec.parse({**SWEEP, "small": {"set": ["seeds=3"]}}, "a")
    assert whole == spec.parse(SWEEP, "a")


def test_an_override_goes_over_the_small_version():
    assert len(small({"set": ["seeds=3"]}, overrides=["seeds=2"]).seeds) == 2


def test_a_sweep_without_a_small_version_says_how_to_give_it_one():
    with pytest.raises(SpecError) as error:
        spec.parse(SWEEP, "a", "a.toml", small=True)
    [line] = error.value.faults
    assert line.startswith("a.toml --small: it has no small version. Give it a table [small]")


BAD = {
    "another key": ({"sets": []}, "small.sets is not a key of it. Did you mean set? It takes"),
    "no list": ({"set": "seeds=3"}, 'small.set must be a list of strings, found "seeds=3"'),
    "no table": (3, "small must be a table, found 3"),
    "no claim": ({"claims": ["rear"]}, 'small.claims has "rear", which is no claim here. '
                 "Did you mean rare?"),
    "no such table": (
        {"without": ["objective.mes"]},
        'small.without has "objective.mes", which is no table here. Did you mean objective.mse? '
        "There are: features.independent, encoder.linear, objective.mse.",
    ),
    "no setting": ({"set": ["sedes=3"]}, "small.set sedes=3: sedes is not a setting"),
}  # fmt: skip


@pytest.mark.parametrize(("table", "message"), BAD.values(), ids=BAD)
def test_a_fault_of_the_table_says_where_and_what_would_work(table, message):
    [line] = faults(table)
    assert line.startswith(f"a.toml: {message}")


def test_a_fault_of_its_form_is_found_in_the_whole_sweep_too():
    [line] = faults({"sets": []}, small=False)
    assert "small.sets" in line


def test_a_packaged_sweep_without_a_small_version_points_at_no_file_to_edit():
    assert "small" not in sweepfile.load(packaged.sweeps()["smoke"])
    with pytest.raises(SpecError) as error:
        spec.read(packaged.sweeps()["smoke"], small=True)
    assert str(error.value) == (
        "smoke has no small version. Change it with --set, such as --set seeds=2."
    )
