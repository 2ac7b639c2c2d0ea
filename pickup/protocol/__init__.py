"""TLP/1, the language between the server and a locker bank: pure Python, no Django.

The contract is written down in `docs/lockers-protocol.md`; both sides import these modules.
"""
