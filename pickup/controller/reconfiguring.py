"""A new configuration from the server: judged, written into the bank's file, in force after the next start of the program.

The program starts itself anew as soon as nobody stands at the bank; nothing is pulsed by that.
"""

import json
import logging

from pickup.protocol import configs
from pickup.protocol.errors import BadMessage, ProtocolError
from pickup.protocol.vocabulary import Alert, EventType

from . import config as configuration
from . import drivers
from .bank import Bank
from .provisioning import merged, write_private

log = logging.getLogger(__name__)


def take(bank: Bank, document: object) -> None:
    """Write a configuration into the file and ask for a restart; raises a ProtocolError when it is not to be believed.

    An older one, one for another identity and one that this program cannot use change nothing and raise the alarm.
    """
    with bank.lock:
        bank.remote.config_wanted = False
        if document is None or bank.config.path is None:
            return
        try:
            new = configs.verify(document, bank.config.server_keys, bank.config.bank)
            _check(bank, new)
            content = merged(json.loads(bank.config.path.read_text(encoding="utf-8")), new)
            usable = configuration.read(content)
            drivers.make(usable.driver, [box.address for box in usable.compartments])
            write_private(bank.config.path, json.dumps(content, indent=2))
        except ProtocolError as error:
            bank.journal.emit(EventType.ALERT, why=Alert.BAD_CONFIG, detail=str(error))
            raise
        except (configuration.ConfigError, drivers.DriverError, OSError, ValueError) as error:
            bank.remote.refused_config = new.cfg_hash
            bank.journal.emit(EventType.ALERT, why=Alert.BAD_CONFIG, detail=str(error))
            return
        log.info("Configuration %s is written and waits for a quiet moment.", new.cfg_hash)
        bank.restart_wanted = True


def _check(bank: Bank, new: configs.BankConfig) -> None:
    if not bank.config.is_generation(new.generation):
        raise BadMessage("The configuration is for another identity of this bank.")
    if new.config_seq < bank.config.config_seq:
        raise BadMessage("The configuration is older than ours.")
