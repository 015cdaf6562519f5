"""The documents count claims, and what came of them, as the sweep files have them."""

import tomllib

import pytest

from tests.documents import README, ROOT

CLAIMS = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8")).get("claims", [])
    for path in (ROOT / "sweeps").glob("*.toml")
}


OTHERS = ("elhage2022_", "why_", "factorial")  # sweeps about the paper, and about theory


def of_the_discussion():
    """The sentence on the claims of the discussion, without those that are true by construction."""
    sweeps = [claims for name, claims in CLAIMS.items() if not name.startswith(OTHERS)]
    claims = [claim for claims in sweeps for claim in claims if not claim.get("check")]
    undecided = sum(claim.get("outcome") == "undecided" for claim in claims)
    later = sum(claim["predicted"] == "none" for claim in claims)
    true = sum(claim["predicted"] == claim.get("outcome") for claim in claims)
    return (
        f"Of {len(claims)} claims about the discussion, {undecided} are undecided and {later} were "
        f"written after their run. Of the predictions for the other {len(claims) - later}, {true} "
        "came true."
    )


def of_the_paper():
    """The sentence on the claims of the paper."""
    sweeps = [claims for name, claims in CLAIMS.items() if name.startswith("elhage2022_")]
    outcomes = [claim.get("outcome") for claims in sweeps for claim in claims]
    return f"the gist of {len(outcomes)} claims; {outcomes.count('supported')} of them pass."


def words(path):
    return " ".join(path.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("path", [README, ROOT / "docs" / "answer.md"], ids=lambda p: p.name)
def test_the_claims_of_the_discussion_are_counted_as_their_files_have_them(path):
    assert of_the_discussion() in words(path)


def test_the_claims_of_the_paper_are_counted_as_their_files_have_them():
    assert of_the_paper() in words(ROOT / "docs" / "paper.md")
