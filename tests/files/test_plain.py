"""A terminal without an encoding for bars and dots gets letters that look like them."""

from toysup.files import plain


def test_bars_rise_and_no_question_mark_stands_for_them():
    bars = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
    text = f"{bars} \u25bc \u00b7 \u201cso\u201d \u2212 \u4e2d"
    assert text.encode("ascii", errors=plain.NAME) == b'_.:-=+%# v - "so" - ?'
