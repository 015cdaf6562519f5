"""The command line: exit codes, one-line errors, JSON for programs."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.commands import run
from tests.reports.conftest import made
from toysup.geometry import polygon
from toysup.spec.claim import Claim
from toysup.storage.manifest import sealed

pytestmark = pytest.mark.slow

TINY = """
title = "Tiny"
seeds = 3
measure = "directions"
[model]
n_features = 5
d_hidden = 2
[train]
steps = 20
batch_size = 16
[features.independent]
feature_probability = [1.0, 0.5]
[objective.mse]
"""


@pytest.fixture
def toysup(monkeypatch, capsys, tmp_path):
    """Runs a command line in an empty folder: (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.toml").write_text(TINY)

    return partial(run, monkeypatch, capsys)


def test_a_sweep_and_its_report_run_from_the_command_line(toysup, tmp_path):
    code, out, err = toysup("sweep", "tiny.toml")
    assert code == 0
    assert "runs/tiny/results.parquet (6 instances)" in out
    assert "toysup report runs/tiny" in out
    assert "instance-steps/s" in err
    code, out, err = toysup("report", "runs/tiny", "--html", "page.html")
    assert code == 0
    assert "mse" in out
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")
    code, out, err = toysup("report", "runs/tiny", "--html", "nope/page.html")
    assert (code, out) == (2, "")
    assert err == "nope/page.html: cannot be written: the folder nope does not exist.\n"


def test_json_goes_to_stdout_alone_and_quiet_says_nothing(toysup):
    code, out, err = toysup("sweep", "tiny.toml", "--json", "--quiet")
    assert (code, err) == (0, "")
    outcome = json.loads(out)
    assert outcome["instances"] == 6
    assert sum(outcome["outcomes"].values()) == 6
    code, out, err = toysup("report", "runs/tiny", "--json")
    assert len(json.loads(out)["verdicts"]) == 2


@pytest.mark.slow
def test_a_dry_run_shows_the_plan_and_writes_nothing(toysup, tmp_path):
    code, out, _ = toysup("sweep", "tiny.toml", "--dry-run", "--lanes", "3", "--json")
    plan = json.loads(out)
    assert (code, plan["instances"]) == (0, 6)
    assert {stack["lanes"] for stack in plan["stacks"]} == {3}
    assert all(plan[name] > 0 for name in ("seconds", "compiling", "memory"))
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.toml"]


@pytest.mark.long
def test_a_run_grows_from_the_command_line_after_it_was_said_how_much_is_missing(toysup):
    assert toysup("sweep", "tiny.toml", "--quiet")[0] == 0
    more = ("sweep", "tiny.toml", "--set", "seeds=5")
    code, _, err = toysup(*more)
    assert code == 2
    assert "(seeds: 0, 1, 2 -> 0 to 4). All of its instances are in this sweep: --extend" in err
    code, out, _ = toysup(*more, "--extend", "--dry-run")
    assert code == 0
    assert "6 of them are trained, 4 are missing." in " ".join(out.split())
    plan = json.loads(toysup(*more, "--extend", "--dry-run", "--json")[1])
    assert (plan["instances"], plan["there"], plan["to_train"]) == (10, 6, 4)
    code, out, _ = toysup(*more, "--extend")
    assert code == 0
    assert "runs/tiny/results.parquet (10 instances)" in out
    code, _, err = toysup("sweep", "tiny.toml", "--extend")
    assert code == 2
    assert "4 of its 10 instances are not in it (seeds: 0 to 4 -> 0, 1, 2)" in err
    code, _, err = toysup(*more, "--extend", "--fresh")
    assert (code, err.count("\n")) == (2, 1)
    assert toysup("report", "runs/tiny")[0] == 0


@pytest.mark.long
def test_devices_and_lanes_are_chosen_by_hand_and_kept_in_the_command_that_resumes(toysup):
    code, _, _ = toysup("sweep", "tiny.toml", "--quiet", "--devices", "1", "--lanes", "3")
    assert code == 0
    manifest = json.loads(Path("runs/tiny/manifest.json").read_text())
    assert "--devices 1 --lanes 3" in manifest["command"]
    assert {stack["group"] for stack in manifest["plan"]["stacks"]} == {3}
    code, _, err = toysup("sweep", "tiny.toml", "--quiet", "--lanes", "4")
    assert code == 2
    assert "--lanes: 3 -> 4" in err
    code, _, err = toysup("sweep", "tiny.toml", "--quiet", "--devices", "4096")
    assert code == 2
    assert "--devices 4096: there are only" in err
    assert "Use 1 to" in err


@pytest.mark.long
def test_fresh_starts_over_in_a_new_folder(toysup, tmp_path):
    toysup("sweep", "tiny.toml", "--quiet")
    assert toysup("sweep", "tiny.toml", "--quiet", "--fresh", "--set", "steps=5")[0] == 0
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == ["tiny", "tiny-2"]


def test_diverged_instances_exit_with_3(toysup):
    code, out, _ = toysup("sweep", "tiny.toml", "--quiet", "--set", "learning_rate=1e38")
    assert code == 3
    assert "diverged" in out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (
            ("sweep", "tiny.toml", "--set", "train.stepz=5", "--set", "feature_probability=1.5"),
            2,
            "--set train.stepz=5: train.stepz is not a setting. Did you mean steps? It takes: "
            "batch_size, learning_rate, schedule, steps, weight_decay.\n"
            "--set feature_probability=1.5: features.independent.feature_probability must "
            "be in (0, 1], found 1.5.\n",
        ),
        (
            ("list", "objectives", "--plugin", "mine.py"),
            2,
            "toysup list: No such option: --plugin. It goes before the command: "
            "toysup --plugin FILE list.\n",
        ),
        (("lst",), 2, "toysup: No such command 'lst'. Did you mean 'list'? See toysup --help.\n"),
        (("sweep",), 2, "toysup sweep: Missing argument 'SWEEP'. See toysup sweep --help.\n"),
        (
            ("sweep", "tinny.toml"),
            2,
            "tinny.toml: there is no such file. Did you mean tiny.toml? There are: tiny.toml. "
            "`toysup list sweeps` shows those that come with toysup.\n",
        ),
        (
            ("sweep", "tiny.toml", "--set", "seeds=0"),
            2,
            "--set seeds=0: seeds must be at least 1, found 0.\n",
        ),
        (
            ("sweep", "tiny.toml", "--out", "tiny.toml"),
            2,
            "tiny.toml: exists and is not a run. Choose another folder with --out.\n",
        ),
        (("report", "runs/none"), 2, "runs/none: there is no such run.\n"),
        (
            ("report", "."),
            2,
            ".: is not a run: it has no manifest.json. A run is a folder that `toysup sweep` "
            "made, such as runs/question.\n",
        ),
        (
            ("list", "kinds"),
            2,
            "toysup list kinds: there is no such list, and nothing of that name. Choose "
            "objectives, features, views, encoders, metrics, pictures, sweeps, runs, sweepfile, "
            "or a name.\n",
        ),
    ],
)
def test_a_users_mistake_is_one_line_a_fault_and_writes_nothing(
    toysup, tmp_path, words, code, message
):
    assert toysup(*words) == (code, "", message)
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.toml"]


def test_a_damaged_manifest_exits_with_6(toysup, tmp_path):
    toysup("sweep", "tiny.toml", "--quiet")
    (tmp_path / "runs/tiny/manifest.json").write_text('{"manifest')
    message = "runs/tiny/manifest.json: is damaged. Start over with --fresh.\n"
    assert toysup("report", "runs/tiny") == (6, "", message)


@pytest.mark.parametrize(
    ("version", "remedy"),
    [
        (99, "Upgrade toysup, or train the sweep again in a new folder with --fresh."),
        (1, "Read it with toysup 0.0 that wrote it, or train the sweep again in a new folder"),
    ],
)
@pytest.mark.parametrize("words", [("report", "runs/tiny"), ("sweep", "tiny.toml"), ("reproduce",)])
def test_a_run_of_another_format_is_left_as_it_is(toysup, tmp_path, words, version, remedy):
    path = tmp_path / "runs/tiny/manifest.json"
    path.parent.mkdir(parents=True)
    content = {"manifest_version": version, "plan": {}, "versions": {"toysup": "0.0"}}
    path.write_text(json.dumps(content))
    before = path.read_bytes()
    code, _, err = toysup(*words, *(("runs/tiny",) if words == ("reproduce",) else ()))
    assert (code, err.count("\n")) == (2, 1)
    assert f"it has format {version}, and this toysup reads format 3. {remedy}" in err
    assert [file.read_bytes() for file in path.parent.iterdir()] == [before]


def test_no_permission_to_write_is_said_before_training(toysup, tmp_path, monkeypatch):
    def refuse(*_, **__):  # a folder's mode does not stop root, who may run the tests
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert toysup("sweep", "tiny.toml", "--out", "closed/run") == (
        2,
        "",
        "closed/run: cannot be written (Permission denied). Choose another folder with --out.\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.toml"]


def test_a_folder_that_cannot_be_made_is_said_before_training(toysup):
    code, out, err = toysup("sweep", "tiny.toml", "--out", "tiny.toml/run")
    assert (code, out) == (2, "")
    assert err == (
        "tiny.toml/run: cannot be written (Not a directory). Choose another folder with --out.\n"
    )


CLAIMED = """
[[claims]]
name = "mse-sparse"
says = "The loss is small."
metric = "loss"
below = 1000
predicted = "supported"
outcome = "{outcome}"
"""


@pytest.mark.slow
def test_a_sweep_with_claims_is_run_reported_and_checked(toysup, tmp_path):
    (tmp_path / "claimed.toml").write_text(TINY + CLAIMED.format(outcome="supported"))
    assert toysup("sweep", "claimed.toml", "--quiet")[0] == 0
    code, out, _ = toysup("report", "runs/claimed", "--html", "page.html")
    assert code == 0
    assert "The loss is small." in out
    assert "The loss is small." in (tmp_path / "page.html").read_text()
    (tmp_path / "claimed.toml").write_text(TINY + CLAIMED.format(outcome="refuted"))
    assert toysup("sweep", "claimed.toml", "--quiet")[0] == 0
    claimed = CLAIMED.format(outcome="refuted").replace("1000", "2000")
    (tmp_path / "claimed.toml").write_text(TINY + claimed)
    code, out, err = toysup("sweep", "claimed.toml", "--quiet")
    assert (code, out) == (2, "")
    assert "is left as it is (claims.mse-sparse: another below). Start over" in err
    code, _, err = toysup("sweep", "claimed.toml", "--quiet", "--set", "claims=[]")
    assert code == 2
    assert "claims.mse-sparse: removed" in err


def claiming(folder, *outcomes):
    rule = {"rows": {}, "verdict": ("minimising",), "says": "It [minimises]."}
    rule |= {"predicted": "supported"}
    said = [Claim(name=f"c{i}", outcome=one, **rule) for i, one in enumerate(outcomes)]
    return made(folder, ([polygon(5)] * 10, {}), claims=said)


def test_claims_that_come_out_as_before_exit_with_0_and_others_with_4(toysup, tmp_path):
    claiming(tmp_path / "good", "supported", None)
    claiming(tmp_path / "odd", "supported", "refuted")
    code, out, _ = toysup("check", "good")
    assert code == 0
    words = " ".join(out.split())
    assert (
        "1 of 1 claim came out as in the first run; 1 new. 2 of 2 predictions came true." in words
    )
    code, out, _ = toysup("check", "good", "odd")
    assert code == 4
    words = " ".join(out.split())  # as narrow as the terminal is
    assert "2 of 3 claims came out as in the first run; 1 changed: c1 of odd; 1 new." in words
    assert "4 of 4 predictions came true." in words
    assert re.search(r"refuted: +share", out)  # its outcome, and that it changed below
    assert "it changed" in out
    assert "It [minimises]." in out


def test_checked_claims_are_json_on_demand(toysup, tmp_path):
    claiming(tmp_path / "odd", "supported", "refuted")
    code, out, err = toysup("check", "odd", "--json")
    found = json.loads(out)
    assert (code, err) == (4, "")
    assert [found[key] for key in ("claims", "as_before", "new")] == [2, 1, 0]
    assert found["changed"] == [{"run": "odd", "claim": "c1"}]
    assert (found["hit_rate"]["came_true"], found["hit_rate"]["predictions"]) == (2, 2)
    first = found["runs"][0]["claims"][0]
    assert (first["answer"], first["effect"]["value"]) == ("supported", 1)
    assert first["claim"]["says"] == "It [minimises]."


def test_a_run_with_claims_of_an_earlier_version_is_left_alone_in_one_line(toysup, tmp_path):
    (tmp_path / "claimed.toml").write_text(TINY + CLAIMED.format(outcome="supported"))
    toysup("sweep", "claimed.toml", "--quiet")
    path = tmp_path / "runs/claimed/manifest.json"
    manifest = json.loads(path.read_text())
    [claim] = manifest["plan"]["sweep"]["claims"]
    claim["expected"] = claim.pop("outcome")
    path.write_bytes(sealed(manifest))
    for words in (("check",), ("report",), ("sweep", "claimed.toml", "--quiet", "--out")):
        code, out, err = toysup(*words, "runs/claimed")
        assert (code, out, err.count("\n")) == (6, "", 1)
        assert "manifest.json: " in err
        assert "Start over with --fresh." in err
    assert "expected" in toysup("check", "runs/claimed")[2]


def test_claims_of_a_file_are_said_to_be_written_after_the_run(toysup, tmp_path):
    made(tmp_path / "bare", ([polygon(5)] * 10, {}))
    code, out, err = toysup("check", "bare")
    assert (code, out) == (2, "")
    assert err.startswith("bare: its sweep has no claims. Write [[claims]]")
    (tmp_path / "later.toml").write_text(CLAIMED.format(outcome="supported"))
    code, out, _ = toysup("check", "bare", "--claims", "later.toml")
    assert code == 0
    assert "bare: the claims of later.toml, written after the run." in out
    (tmp_path / "later.toml").write_text(CLAIMED.format(outcome="perhaps"))
    code, out, err = toysup("check", "bare", "--claims", "later.toml")
    assert (code, out) == (2, "")
    assert err.startswith("later.toml, line 8: claims.mse-sparse.outcome must be one of")


def test_the_list_of_sweeps_says_which_are_here_and_which_come_with_toysup(toysup, tmp_path):
    (tmp_path / "ruff.toml").write_text("line-length = 100")
    (tmp_path / "sweeps").mkdir()
    (tmp_path / "sweeps" / "question.toml").write_text(TINY)
    code, out, _ = toysup("list", "sweeps", "--json")
    sources = {entry["name"]: entry["from"] for entry in json.loads(out)["sweeps"]}
    here = [name for name, source in sources.items() if source == "this folder"]
    assert (code, here) == (0, ["tiny.toml", "sweeps/question.toml"])
    assert sources["pentagon"] == "toysup"
    assert "question" not in sources  # the file here has its name
    lines = [" ".join(line.split()) for line in toysup("list", "sweeps")[1].splitlines()]
    headings = [line for line in lines if line.startswith("from ")]
    assert headings == ["from this folder", "from toysup"]
    assert lines.index("tiny.toml Tiny") < lines.index("from toysup")


def test_a_packaged_sweep_runs_by_its_name_and_its_remembered_command_finishes_it(
    toysup, tmp_path, monkeypatch
):
    (tmp_path / "packaged").mkdir()
    (tmp_path / "tiny.toml").rename(tmp_path / "packaged" / "tiny.toml")
    monkeypatch.setattr("toysup.files.packaged.folder", lambda: tmp_path / "packaged")
    assert toysup("sweep", "tiny", "--quiet", "--set", "seeds=2")[0] == 0
    command = json.loads(Path("runs/tiny/manifest.json").read_text())["command"]
    assert command == "toysup sweep tiny --set seeds=2 --out runs/tiny"
    Path("runs/tiny/results.parquet").unlink()
    assert toysup(*shlex.split(command)[1:], "--quiet")[0] == 0
    assert Path("runs/tiny/results.parquet").is_file()


def test_claims_of_a_packaged_sweep_are_checked_by_its_name(toysup, tmp_path):
    made(tmp_path / "bare", ([polygon(5)] * 10, {}))
    code, out, err = toysup("check", "bare", "--claims", "pentagon")
    assert (code, out) == (2, "")
    assert err.endswith("pentagon.toml: has no claims. Add some, each of them [[claims]].\n")


@pytest.mark.long
def test_without_posix_a_command_that_needs_a_run_says_so_in_one_line():
    code = "import sys; sys.modules['fcntl'] = None\nfrom toysup.__main__ import main; main()"
    words = [sys.executable, "-c", code, "report", "runs/question"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "toysup needs Linux or macOS: it locks a run's folder as POSIX systems do. "
        "On Windows, use it in WSL.\n"
    )


def test_a_list_without_a_kind_has_names_alone_and_a_name_has_its_settings(toysup):
    code, out, _ = toysup("list")
    assert code == 0
    assert "infonce" in out
    assert "temperature" not in out.split("metrics")[0]
    code, out, _ = toysup("list", "infonce")
    assert code == 0
    assert out.split()[:2] == ["objectives", "infonce"]
    assert "temperature = " in out
    assert "mse" not in out.split()
    code, out, err = toysup("list", "infonse")
    assert (code, out) == (2, "")
    assert "Did you mean infonce?" in err


def test_a_plan_trains_and_compiles_nothing(toysup, monkeypatch):
    monkeypatch.setattr("toysup.engine.forecast.forecast", None)
    code, out, _ = toysup("sweep", "tiny.toml", "--plan")
    assert code == 0
    assert "Nothing was trained" in out
    assert not Path("runs").exists()


def test_a_page_that_cannot_be_written_is_refused_before_the_run_is_read(toysup):
    code, out, err = toysup("report", "no-such-run", "--html", "no/page.html")
    assert (code, out) == (2, "")
    assert err == "no/page.html: cannot be written: the folder no does not exist.\n"
    Path("folder").mkdir()
    code, out, err = toysup("report", "no-such-run", "--html", "folder")
    assert (code, out) == (2, "")
    assert err.startswith("folder: cannot be written")


def test_a_quiet_report_writes_its_page_and_says_nothing(toysup, tmp_path):
    made(tmp_path / "bare", ([polygon(5)] * 10, {}))
    assert toysup("report", "bare", "--quiet", "--html", "page.html") == (0, "", "")
    assert Path("page.html").is_file()


def test_a_shell_completes_commands(toysup, monkeypatch):
    monkeypatch.setenv("_TOYSUP_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "toysup sw")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert toysup() == (0, "sweep\n", "")


def test_lists_and_the_schema_are_json_on_demand(toysup):
    code, out, _ = toysup("list", "--json")
    assert code == 0
    assert {entry["name"] for entry in json.loads(out)["objectives"]} >= {"mse", "infonce"}
    code, out, _ = toysup("schema", "--json")
    names = [column["name"] for column in json.loads(out)]
    assert {"squared_interference", "temperature", "W", "loss_curve"} <= set(names)
    assert all(column["description"] and column["source"] for column in json.loads(out))


@pytest.mark.slow
def test_an_interrupted_command_saves_and_prints_the_command_that_resumes(tmp_path):
    (tmp_path / "tiny.toml").write_text(TINY)
    words = ("sweep", "tiny.toml", "--quiet", "--set", "seeds=4000")
    command = [sys.executable, "-m", "toysup", *words]
    found = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    process = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=os.environ | found
    )
    parts = tmp_path / "runs" / "tiny" / "parts"
    while not list(parts.glob("*.parquet")):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.startswith("Stopping.\nStopped. ")
    called = f"{Path(sys.executable).name} -m toysup"
    assert f"Go on with: {called} sweep tiny.toml --set seeds=4000 --out runs/tiny\n" in err
    assert list(parts.glob("*.parquet"))


def test_numpy_gets_one_thread_before_it_is_there():
    code = (
        "import os, sys; from toysup.__main__ import main; sys.argv[1:] = ['--version']\n"
        "try: main()\n"
        "except SystemExit: print(os.environ['OPENBLAS_NUM_THREADS'], 'numpy' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "1 False"
