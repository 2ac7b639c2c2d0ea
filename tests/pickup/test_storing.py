"""What many banks report at once: few statements, one transaction, and each bank's trouble its own."""

from dataclasses import replace

import pytest
from django.db import IntegrityError

from pickup.banks import inbox, rows
from pickup.models import Bank, BankCommand, BankEvent
from pickup.protocol.vocabulary import Outcome
from tests.pickup.arrivals import answer, arrival, owe, raw, report, store
from tests.pickup.makers import make_bank

pytestmark = pytest.mark.django_db
STATEMENTS = 12


def outcomes() -> list[str]:
    return list(BankCommand.objects.order_by("pk").values_list("outcome", flat=True))


@pytest.fixture
def banks():
    return [make_bank("S") for _ in range(3)]


@pytest.mark.parametrize("many", [1, 3])
def test_many_banks_cost_as_many_statements_as_one(banks, django_assert_num_queries, many):
    commands = [owe(bank) for bank in banks[:many]]
    answers = [arrival(report(command.bank, answer(command, open_ms=command.bank_id))) for command in commands]

    with django_assert_num_queries(STATEMENTS):
        confirmed = store(*answers)

    assert confirmed == {bank.code: 1 for bank in banks[:many]}
    assert list(BankCommand.objects.order_by("pk").values_list("outcome", "detail")) == [
        ("opened", {"open_ms": bank.pk}) for bank in banks[:many]
    ]
    assert list(BankEvent.objects.filter(applied_at=None)) == []


def fault_of(bank, where, real=inbox._rows):
    """A fault of the server that only this bank meets: in the program, or in the database."""

    def rows_of(one, request, now):
        made = real(one, request, now)
        if one.pk == bank.pk and where == "program":
            raise KeyError("open_ms")
        if one.pk == bank.pk:
            Bank.objects.filter(pk=bank.pk).update(code=Bank.objects.exclude(pk=bank.pk).first().code)
        return made

    return rows_of


@pytest.mark.parametrize("where", ["program", "database"])
def test_the_fault_of_one_bank_costs_the_others_nothing(banks, monkeypatch, where):
    commands = [owe(bank) for bank in banks]
    answers = [arrival(report(command.bank, answer(command))) for command in commands]
    bad = banks[1]
    before = Bank.objects.filter(pk=bad.pk).values().get()

    with monkeypatch.context() as broken:
        broken.setattr(inbox, "_rows", fault_of(bad, where))
        confirmed = store(*answers)

    assert confirmed == {banks[0].code: 1, banks[2].code: 1}
    assert outcomes() == ["opened", "", "opened"]
    assert not BankEvent.objects.filter(bank=bad).exists()
    assert Bank.objects.filter(pk=bad.pk).values().get() == before
    assert store(answers[1]) == {bad.code: 1}
    assert outcomes() == ["opened"] * 3


def test_a_fault_that_only_one_bank_has_stops_nobody_for_ever(banks, monkeypatch):
    monkeypatch.setattr(inbox, "_rows", fault_of(banks[0], "database"))

    assert store(arrival(report(banks[0], answer(owe(banks[0]))))) == {}
    assert not BankEvent.objects.exists()


@pytest.mark.parametrize(
    "wrong", ["boot that goes back", "another identity", "no such bank", "in the name of another", "rubbish"]
)
def test_what_is_refused_of_one_bank_is_stored_of_the_others(banks, wrong):
    commands = [owe(bank) for bank in banks]
    first, bad, last = (report(command.bank, answer(command)) for command in commands)
    Bank.objects.filter(pk=banks[1].pk).update(boot_id=2 if wrong == "boot that goes back" else 1)
    refused = {
        "boot that goes back": lambda: arrival(bad),
        "another identity": lambda: arrival(replace(bad, generation=7)),
        "no such bank": lambda: arrival(replace(bad, bank="nobody")),
        "in the name of another": lambda: arrival(bad, topic_of=banks[0].code),
        "rubbish": lambda: raw(bad.bank, b'{"v": 1'),
    }[wrong]()

    confirmed = store(arrival(first), refused, arrival(last))

    assert confirmed == {banks[0].code: 1, banks[2].code: 1}
    assert outcomes() == ["opened", "", "opened"]
    assert not BankEvent.objects.filter(bank=banks[1]).exists()


def test_nobody_answers_for_another_bank_in_the_same_batch(banks):
    command = owe(banks[1])
    forged = answer(command, outcome=Outcome.JAMMED)

    store(arrival(report(banks[0], forged)), arrival(report(banks[1], answer(command))))

    assert outcomes() == ["opened"]
    assert BankEvent.objects.get(bank=banks[0]).problem == f"No command {command.command_id} was sent to this bank."
    assert BankEvent.objects.get(bank=banks[1]).problem == ""


def test_of_each_bank_the_first_final_answer_counts(banks):
    commands = [owe(bank) for bank in banks]
    arrivals = [
        arrival(report(command.bank, answer(command, seq=seq, outcome=outcome)))
        for seq, outcome in ((2, Outcome.JAMMED), (1, Outcome.OPENED), (3, Outcome.REFUSED))
        for command in commands
    ]

    confirmed = store(*arrivals)

    assert confirmed == {bank.code: 3 for bank in banks}
    assert outcomes() == ["opened"] * 3


def test_a_batch_that_comes_again_counts_once(banks):
    answers = [arrival(report(bank, answer(owe(bank)))) for bank in banks]

    assert store(*answers) == store(*answers) == {bank.code: 1 for bank in banks}
    assert BankEvent.objects.count() == 3


def test_saving_many_rows_leaves_alone_what_it_was_not_told_to_save(banks):
    Bank.objects.update(deposit_lead_hours=3)
    for number, bank in enumerate(banks):
        bank.cursor, bank.deposit_lead_hours = number, 99

    rows.save(banks, ["cursor"])

    assert list(Bank.objects.order_by("pk").values_list("cursor", "deposit_lead_hours")) == [(0, 3), (1, 3), (2, 3)]


def test_a_row_that_is_unfit_is_not_saved_and_nothing_is(banks):
    banks[0].cursor, banks[1].cursor = 5, None

    with pytest.raises(IntegrityError):
        rows.save(banks, ["cursor"])
