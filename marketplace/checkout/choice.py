"""What the resident has chosen so far, kept in the session so that nothing typed is lost."""

from dataclasses import asdict, dataclass

from pickup.models import Point
from pickup.windows import Window

KEY = "checkout"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The answers of the first checkout page."""

    name: str
    email: str
    phone: str
    window: str
    low_door: bool
    old_enough_for: int  # the age limit that the resident has confirmed to have reached; 0: none

    @classmethod
    def of(cls, request) -> "Choice | None":
        """What this visitor chose, or None."""
        kept = request.session.get(KEY)
        try:
            return cls(**kept) if kept else None
        except TypeError:  # written by another release
            return None

    def keep(self, request) -> None:
        request.session[KEY] = asdict(self)

    @property
    def collection_window(self) -> Window:
        return Window.parse(self.window)

    @property
    def point(self) -> Point | None:
        return Point.objects.active().filter(pk=self.collection_window.point_id).first()


def forget(request) -> None:
    """The order is placed: the next one starts with the contact only."""
    if kept := request.session.get(KEY):
        request.session[KEY] = kept | {"window": ""}
