"""The arithmetic of sharing: no cent is made or lost, whatever is refunded."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shops.payments import split

cents = st.integers(min_value=1, max_value=500_000)


def test_worked_example_of_the_documentation():
    grosses = [1240, 2290, 1800]
    fee = split.processing_fee(sum(grosses), bps=150, fixed=25)
    shares = [
        split.share(gross, commission_bps=300, fee_share=part)
        for gross, part in zip(grosses, split.fee_shares(fee, grosses), strict=True)
    ]

    assert fee == 105
    assert split.fee_shares(fee, grosses) == [24, 45, 36]
    assert [share.commission for share in shares] == [37, 69, 54]
    assert [share.transfer for share in shares] == [1179, 2176, 1710]
    after = split.share(1350, commission_bps=300, fee_share=36)
    assert (after.transfer, 1710 - after.transfer) == (1273, 437)


def test_nothing_debited_costs_nothing():
    assert split.processing_fee(0, bps=150, fixed=25) == 0
    assert split.share(0, commission_bps=300, fee_share=24) == split.Share(0, 0, 0)


@settings(max_examples=5_000, deadline=None)
@given(
    grosses=st.lists(cents, min_size=1, max_size=8),
    bps=st.integers(0, 5000),
    refunds=st.lists(st.tuples(st.integers(0, 7), st.integers(1, 500_000)), max_size=12),
)
def test_refunds_take_back_exactly_the_difference(grosses, bps, refunds):
    captured = sum(grosses)
    parts = split.fee_shares(split.processing_fee(captured, bps=150, fixed=25), grosses)
    earned = list(grosses)
    first = [split.share(g, commission_bps=bps, fee_share=p).transfer for g, p in zip(grosses, parts, strict=True)]
    taken = [0] * len(grosses)

    for which, amount in refunds:
        shop = which % len(grosses)
        earned[shop] -= min(amount, earned[shop])
        target = split.share(earned[shop], commission_bps=bps, fee_share=parts[shop])
        back = first[shop] - taken[shop] - target.transfer
        assert back >= 0
        taken[shop] += back
        assert target.transfer + target.commission + target.fee == earned[shop]
        assert min(target.transfer, target.commission, target.fee) >= 0

    assert sum(first) <= captured
    assert all(0 <= back <= sent for back, sent in zip(taken, first, strict=True))


@settings(max_examples=2_000, deadline=None)
@given(paid=st.integers(0, 100_000), steps=st.lists(st.integers(1, 5), min_size=1, max_size=10))
def test_line_refunded_piece_by_piece_gives_exactly_its_price(paid, steps):
    pieces, before, total = sum(steps), 0, 0

    for now in steps:
        part = split.refund_of_line(paid, pieces=pieces, before=before, now=now)
        assert part >= 0
        before, total = before + now, total + part

    assert total == paid
