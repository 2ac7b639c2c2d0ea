"""The program on a locker bank's own computer. It opens doors without asking any server.

Knows `pickup.protocol` only, never Django. Start it with `python -m pickup.controller --config FILE`.
"""
