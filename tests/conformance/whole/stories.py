"""Short histories: what people do in them is right, and breaks no promise of a right bank and a right server."""

from .place import DEAD_BATTERY


def somebody_guesses(town):
    filled(town)
    town.guess(87654321)


def filled(town, *wanted):
    order = town.order(*(wanted or [(0, "small")]))
    town.exchange()
    for bag in order.bags:
        town.bring(bag)
    return order


def a_shop_is_early(town):
    order = town.order((0, "small"), later=True)
    town.exchange()
    town.bring(order.bags[0])


def a_shop_comes_again_much_later(town):
    order = town.order((0, "small"), (1, "small"))
    town.exchange()
    town.bring(order.bags[0])
    town.pass_seconds(1000)
    town.bring(order.bags[0])


def a_shop_comes_again_after_the_collection(town):
    order = filled(town)
    town.collect(order)
    town.bring(order.bags[0])


def a_resident_comes_again_much_later(town):
    order = filled(town)
    town.collect(order)
    town.pass_seconds(1000)
    town.collect(order)


def a_resident_comes_before_the_second_shop(town):
    order = town.order((0, "small"), (1, "small"))
    town.exchange()
    town.bring(order.bags[0])
    town.collect(order)


def a_resident_collects(town):
    town.collect(filled(town))


def a_resident_only_looks(town):
    town.collect(filled(town), takes="nothing")
    town.pass_seconds(200)


def two_orders_come(town):
    filled(town)
    filled(town)


def the_power_fails_after_a_deposit(town):
    filled(town)
    town.cut_power()
    town.check()


def goods_need_two_doors(town):
    filled(town, (2, "large"))
    order = town.order((0, "small"), (1, "small"))
    town.exchange()
    town.bring(order.bags[0])
    town.bring(order.bags[1], act="larger")
    return order


def goods_of_two_doors_are_collected(town):
    town.collect(goods_need_two_doors(town))


def bread_gets_old(town):
    order = filled(town, (0, "bread"))
    town.cut_power(100_000)
    town.exchange()
    town.collect(order)


def an_order_to_open_comes_twice(town):
    town.order_opening("C1")
    town.connect()
    town.deliver()
    town.exchange()
    town.shut("C1")
    town.connect(*range(len(town.post.for_bank)))


def an_order_to_open_is_held_back(town):
    town.order_opening("C1")
    town.ask()
    town.pass_seconds(100)
    town.take_answer()


def it_is_held_back_from_a_bank_without_the_date(town):
    town.cut_power(3600, DEAD_BATTERY)
    an_order_to_open_is_held_back(town)


def an_answer_takes_long(town):
    town.pass_seconds(25)  # the time is stored, and will not be in the next minute
    town.ask()
    town.pass_seconds(9)
    town.take_answer()
    town.check()


def an_old_request_comes_again(town):
    town.repeat_request(0)
