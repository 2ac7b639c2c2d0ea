"""Tables of the foundation, gathered where Django looks for them."""

from marketplace.foundation.lifecycle import StateChange
from marketplace.foundation.messages import Message
from marketplace.foundation.ratelimits import RateLimit

__all__ = ["Message", "RateLimit", "StateChange"]
