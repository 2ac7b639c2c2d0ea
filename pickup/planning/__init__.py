"""How a bank's doors are promised, as pure functions: stays, doors and what is known of dwell in, yes or no out.

`seating` keeps whole windows free (a greedy plan seats everybody), `odds` keeps a door free as surely as the operator asks,
from how long goods have stayed (`dwell`), and `prices` says what a stay takes from those who will ask later.
`docs/allocation.md` tells why and how well.
"""

from pickup.planning.accepting import Foresight, Manners, No, may_last, why_not
from pickup.planning.stays import ORDER, Crowd, Doors, Stay

__all__ = ["ORDER", "Crowd", "Doors", "Foresight", "Manners", "No", "Stay", "may_last", "why_not"]
