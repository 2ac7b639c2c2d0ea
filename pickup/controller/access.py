"""Who may open what: turns a PIN or a scanned token into a grant, or says why not.

Asks no server. It knows the list in force, what tokens have taught, and the book of legs.
"""

from pickup.protocol import authlist, codes, tokens
from pickup.protocol.authlist import AuthEntry, AuthList
from pickup.protocol.errors import BadMessage, ForeignBank, ProtocolError, SignatureError, WrongVersion
from pickup.protocol.vocabulary import EventType, Purpose, Temperature

from .clock import Clock
from .config import Config
from .grants import Denied, Grant, Label
from .journal import Journal
from .legs import GRACE_SECONDS, Legs
from .terms import Leg, State, Terms, same_pin

NOT_BEFORE_TOLERANCE = 120
LONGEST_SERVICE_SECONDS = 36 * 3600
LIST_FACT = "authlist"
LIST_SEQ_FACT = "list_seq"


class Access:
    """The list in force, and the judgement of credentials."""

    def __init__(self, config: Config, journal: Journal, clock: Clock, legs: Legs) -> None:
        self.config = config
        self.journal = journal
        self.clock = clock
        self.legs = legs
        stored = journal.fact(LIST_FACT)
        self.list: AuthList | None = authlist.read(stored, config.bank) if stored else None

    @property
    def etag(self) -> str | None:
        """Name the list in force."""
        return self.list.etag if self.list else None

    def apply(self, document: object) -> bool:
        """Put a signed list in force; False when it is older than one that was in force.

        Raises a ProtocolError when it cannot be trusted; the old list stays in both cases.
        """
        new = authlist.verify(document, self.config.server_keys, self.config.bank)
        latest = int(self.journal.fact(LIST_SEQ_FACT, -1))
        if new.list_seq < latest or (new.list_seq == latest and new.etag != self.etag):
            return False
        with self.journal.transaction():
            self.journal.remember(LIST_FACT, document)
            self.journal.remember(LIST_SEQ_FACT, new.list_seq)
            self.legs.follow(new)
            self.journal.emit(EventType.LIST_APPLIED, etag=new.etag, list_seq=new.list_seq)
        self.list = new
        return True

    def by_pin(self, pin: str) -> Grant:
        """Judge an 8-digit PIN; raises Denied (`unknown` when it fits nothing here)."""
        mac = codes.pin_mac(self.config.pin_key, pin)
        deposits = [entry for entry in self._entries(Purpose.DEPOSIT) if entry.pin_mac == mac]
        reservations = self._reservations_of(mac)
        shares = {entry.jti: entry.reservation for entry in self._entries(Purpose.SHARE) if entry.pin_mac == mac}
        found = len(reservations) + len(shares) + len({(entry.reservation, entry.shop) for entry in deposits})
        if found == 0:
            raise Denied("unknown")
        if found > 1:
            raise Denied("ambiguous")
        if deposits:
            return self._deposit_by_list(deposits)
        for jti, reservation in shares.items():
            return self._collect("pin", reservation, jti=jti, shared=True)
        return self._collect("pin", reservations.pop())

    def by_token(self, text: str, *, adopt: bool = True) -> Grant:
        """Judge a scanned LQ1 token; raises Denied. Without `adopt` the book of legs stays as it is."""
        try:
            token = tokens.decode(text, self.config.server_keys, self.config.bank)
        except (ForeignBank, SignatureError, WrongVersion) as error:
            raise Denied("foreign") from error
        except BadMessage as error:
            raise Denied("damaged") from error
        if self.is_revoked(token.jti):
            raise Denied("revoked")
        if token.purpose is Purpose.DEPOSIT:
            return self._deposit_by_token(token)
        if token.purpose is Purpose.SERVICE:
            return self._service_by_token(token)
        shared = token.purpose is Purpose.SHARE
        return self._collect("qr", token.reservation, leg=token.leg, jti=token.jti, shared=shared, adopt=adopt)

    def is_revoked(self, jti: str) -> bool:
        """Say whether the list in force names this code as withdrawn."""
        return bool(self.list and jti in self.list.revoked)

    def is_service(self, text: str) -> bool:
        """Say whether a scanned token is for service; whether it is valid is judged by `by_token`."""
        try:
            return tokens.decode(text, self.config.server_keys, self.config.bank).purpose is Purpose.SERVICE
        except ProtocolError:
            return False

    def consume(self, jti: str) -> None:
        """Use up a deposit token; its holder may re-open for 15 minutes."""
        now = self.clock.timestamp()
        if self.journal.db.execute("INSERT OR IGNORE INTO consumed VALUES (?, ?)", (jti, now)).rowcount:
            self.legs.ages.begin("token", jti)

    def reserved_compartments(self) -> set[str]:
        """Return the compartments that the server names for legs; they are not free for others."""
        entries = self.list.entries if self.list else ()
        return {door for entry in entries if self.legs.find(entry.leg) is None for door in entry.doors}

    def low_doors_wanted(self, temperature: Temperature) -> int:
        """Return for how many people a low door of this temperature is still to be found."""
        wanted = {
            entry.leg for entry in self._entries(Purpose.COLLECT) if entry.low and entry.temperature is temperature
        }
        return sum(self.legs.find(leg) is None for leg in wanted)

    def _entries(self, purpose: Purpose) -> list[AuthEntry]:
        entries = self.list.entries if self.list else ()
        return [entry for entry in entries if entry.purpose is purpose]

    def _reservations_of(self, mac: str) -> set[int]:
        listed = {entry.reservation for entry in self._entries(Purpose.COLLECT) if entry.pin_mac == mac}
        known = {leg.reservation for leg in self.legs.all() if same_pin(leg.pin_mac, mac)}
        return listed | known

    def _deposit_by_list(self, entries: list[AuthEntry]) -> Grant:
        if self.clock.now() > self.list.valid_until:
            raise Denied("needs_token")
        self._check_window(min(entry.nbf for entry in entries), max(entry.exp for entry in entries))
        first = entries[0]
        return Grant(
            kind="pin",
            purpose=Purpose.DEPOSIT,
            reservation=first.reservation,
            shop=first.shop,
            terms=self._open_for_shop(self._terms_of(entries), first.shop),
            label=_label(entries),
        )

    def _deposit_by_token(self, token: tokens.Token) -> Grant:
        self._check_window(token.nbf, token.exp)
        self._check_unused(token.jti)
        shop = token.teaching.shop
        listed = [
            entry
            for entry in self._entries(Purpose.DEPOSIT)
            if (entry.reservation, entry.shop) == (token.reservation, shop)
        ]
        terms = self._terms_of(listed)
        if token.leg not in [each.leg for each in terms]:
            terms = [Terms.of_token(token), *terms]
        return Grant(
            kind="qr",
            purpose=Purpose.DEPOSIT,
            reservation=token.reservation,
            shop=shop,
            jti=token.jti,
            terms=self._open_for_shop(terms, shop),
            label=_label(listed),
        )

    def _service_by_token(self, token: tokens.Token) -> Grant:
        """Service opens full compartments, so it needs a clock that is sure, and a token that is not for ever."""
        if not self.clock.is_sure():
            raise Denied("clock_unsure")
        if token.exp - token.nbf > LONGEST_SERVICE_SECONDS:
            raise Denied("foreign")
        self._check_window(token.nbf, token.exp)
        return Grant(
            kind="qr",
            purpose=Purpose.SERVICE,
            reservation=token.reservation,
            terms=(),
            jti=token.jti,
            clears_leg=None if token.leg == tokens.ALL_LEGS else token.leg,
        )

    def _terms_of(self, entries: list[AuthEntry]) -> list[Terms]:
        collects = {entry.leg: entry for entry in self._entries(Purpose.COLLECT)}
        return [Terms.listed(entry, collects.get(entry.leg)) for entry in entries]

    def _check_window(self, nbf: int, exp: int) -> None:
        """Judge a deposit or service window. A clock that may be wrong refuses only what is certainly outside."""
        now = self.clock.timestamp()
        doubt = 0 if self.clock.is_sure() else self.clock.uncertainty().total_seconds()
        if now < nbf - max(doubt, NOT_BEFORE_TOLERANCE):
            raise Denied("not_yet")
        if now > exp + doubt:
            raise Denied("expired")

    def _check_unused(self, jti: str) -> None:
        row = self.journal.db.execute("SELECT at FROM consumed WHERE jti = ?", (jti,)).fetchone()
        if row and self.legs.ages.seconds("token", jti, at=row["at"]) > GRACE_SECONDS:
            raise Denied("used")

    def _open_for_shop(self, terms: list[Terms], shop: int) -> tuple[Terms, ...]:
        """Keep the legs that this shop may still open: its own first time, or shortly after it."""
        denials = {each.leg: self._denial_for_shop(each.leg, shop) for each in terms}
        allowed = tuple(each for each in terms if denials[each.leg] is None)
        if not allowed:
            raise Denied(next(iter(denials.values())))
        return allowed

    def _denial_for_shop(self, leg_id: int, shop: int) -> str | None:
        leg = self.legs.find(leg_id)
        if leg is None:
            return None
        if leg.state in (State.COLLECTED, State.CLEARED):
            return "collected"
        if leg_id in self.legs.blocked:
            return "zone_temp"
        put_in_at = self.legs.shops_inside(leg_id).get(shop)
        if put_in_at is not None:
            age = self.legs.ages.seconds("parcel", (leg_id, shop), at=put_in_at)
            return None if age <= GRACE_SECONDS else "used"
        return "used" if leg.state is State.SEALED else None

    def _collect(
        self,
        kind: str,
        reservation: int,
        *,
        leg: int = tokens.ALL_LEGS,
        jti: str | None = None,
        shared: bool = False,
        adopt: bool = True,
    ) -> Grant:
        if adopt:
            self._adopt(reservation)
        legs = [each for each in self.legs.of_reservation(reservation) if leg in (tokens.ALL_LEGS, each.leg)]
        ready = [each for each in legs if each.state is State.SEALED]
        if not ready:
            ready = [each for each in legs if self.legs.in_grace(each)]
        if not ready:
            gone = legs and all(each.state in (State.COLLECTED, State.CLEARED) for each in legs)
            raise Denied("collected" if gone else "not_ready")
        now = self.clock.timestamp()
        fresh = [each for each in ready if self._keeps(each, now)]
        if not fresh:
            raise Denied("hard_exp")
        fresh = [each for each in fresh if each.leg not in self.legs.blocked]
        if not fresh:
            raise Denied("zone_temp")
        terms = tuple(Terms.inside(each, door) for each in fresh for door in self.legs.doors_of(each))
        return Grant(kind=kind, purpose=Purpose.COLLECT, reservation=reservation, terms=terms, jti=jti, shared=shared)

    def _keeps(self, leg: Leg, now: float) -> bool:
        """Say whether the resident may still have these goods. With an unsure clock the time since the deposit decides."""
        if leg.hard_exp is None:
            return True
        left = None if self.clock.is_sure() else self.legs.seconds_left(leg)
        return now <= leg.hard_exp if left is None else left >= 0

    def _adopt(self, reservation: int) -> None:
        """Take over legs that the server knows to be inside and this journal does not (new controller)."""
        free = {box.id for box in self.config.compartments} - self.legs.taken_compartments().keys()
        for entry in self._entries(Purpose.COLLECT):
            doors = [door for door in entry.doors if door in free]
            if entry.reservation == reservation and doors and self.legs.find(entry.leg) is None:
                self.legs.bind(Terms.listed(entry, entry), doors[0], State.SEALED)
                for door in doors[1:]:
                    self.legs.more.add(entry.leg, door)
                free.difference_update(doors)


def _label(entries: list[AuthEntry]) -> Label:
    first = entries[0] if entries else None
    return Label(order=first.order, shop=first.shop_name, bags=first.bags) if first else Label()
