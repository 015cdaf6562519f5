from toysup.features.correlated import Correlated
from toysup.features.independent import Independent
from toysup.measure.measurement import masks_of


def test_one_mask_of_partners_stands_for_conditions_that_have_the_same():
    masks = masks_of([Independent()] * 5, 4)
    assert masks.shape == (5, 4, 4)
    assert masks.strides[0] == 0


def test_masks_of_partners_that_differ_are_kept_apart():
    masks = masks_of([Independent(), Correlated()], 4)
    assert not masks[0].any()
    assert masks[1].any()
