"""Warning signs in groups."""

from legwise.rules.red_flags import sign_groups


def test_every_sign_stands_in_one_group_with_the_most_urgent_action_of_the_group(catalogue):
    table = catalogue.package["red_flags"]
    groups = sign_groups(catalogue)
    shown = [row["flag"] for group in groups for row in group.signs]
    assert sorted(shown) == sorted(catalogue.keys("red_flags"))
    order = list(table["urgency"].labels.values())
    for group in groups:
        urgencies = [table["urgency"].label(row["urgency"]) for row in group.signs]
        assert group.action == min(urgencies, key=order.index)
        assert group.line in table["group"].labels.values()
    # One group holds actions of several kinds: the most urgent one is not the first in the file.
    mixed = next(group for group in groups if len({row["urgency"] for row in group.signs}) > 1)
    assert mixed.signs[0]["urgency"] != "emergency"
    assert mixed.action == table["urgency"].label("emergency")
