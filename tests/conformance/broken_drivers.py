"""Drivers that break one promise each, as `broken.py` has controllers: `broken_drivers.py FAULT CONFIG`."""

import sys

from broken import fault, start


@fault
def unlocks_the_neighbour():
    from pickup.controller.drivers.kerong_cu16 import KerongCu16

    pulse = KerongCu16.pulse
    KerongCu16.pulse = lambda self, address, pulse_ms: pulse(self, address + 1, pulse_ms)


@fault
def opens_all_to_be_sure():
    from pickup.controller.drivers import kerong_cu16

    pulse = kerong_cu16.KerongCu16.pulse

    def generous(self, address, pulse_ms):
        self.line.ask(kerong_cu16.frame(kerong_cu16.ALL_BOARDS, 0x33))
        pulse(self, address, pulse_ms)

    kerong_cu16.KerongCu16.pulse = generous


@fault
def leaves_the_relay_on():
    from pickup.controller.drivers import modbus_relay

    pulse = modbus_relay.ModbusRelay.pulse

    def careless(self, address, pulse_ms):
        unit, channel = divmod(address, 100)
        self.line.ask(modbus_relay.frame(unit, modbus_relay.WRITE_COIL, bytes([0, channel - 1, 0xFF, 0])))
        pulse(self, address, pulse_ms)

    modbus_relay.ModbusRelay.pulse = careless


@fault
def switches_nothing_off():
    from pickup.controller.drivers.modbus_relay import ModbusRelay

    ModbusRelay.all_off = lambda self: None


@fault
def asks_again_by_itself():
    from pickup.controller.drivers.base import CommError
    from pickup.controller.drivers.kerong_cu16 import KerongCu16

    pulse = KerongCu16.pulse

    def stubborn(self, address, pulse_ms):
        try:
            pulse(self, address, pulse_ms)
        except CommError:
            pulse(self, address, pulse_ms)

    KerongCu16.pulse = stubborn


if __name__ == "__main__":
    sys.exit(start(*sys.argv[1:]))
