"""What can be wrong with a message, in words that a person at the help desk can read."""

BAD_REQUEST = 400
UNAUTHORISED = 401
CONFLICT = 409
TOO_LARGE = 413
TOO_MANY = 429
UPGRADE_REQUIRED = 426


class ProtocolError(Exception):
    """A message does not keep to TLP/1.

    `code` is the stable name for machines, the text is for people, `status` the HTTP answer.
    """

    code = "bad_message"
    status = BAD_REQUEST

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def as_document(self) -> dict:
        """Return the body of the HTTP answer: `{"error": {"code", "detail"}}`."""
        return {"error": {"code": self.code, "detail": self.detail}}


class BadMessage(ProtocolError):
    """A field is missing, has the wrong type or an impossible value."""


class ForeignBank(BadMessage):
    """The message was made for another bank."""


class Unauthorised(ProtocolError):
    """The device secret is missing, wrong, or belongs to another bank."""

    code = "unauthorised"
    status = UNAUTHORISED


class BootWentBackwards(ProtocolError):
    """`boot_id` is lower than one seen before: a cloned or restored card."""

    code = "boot_id_backwards"
    status = CONFLICT


class NumbersTwice(ProtocolError):
    """A number of an event stood for something else before: two computers with one identity."""

    code = "numbers_twice"
    status = CONFLICT


class TooLarge(ProtocolError):
    """More than `MAX_BODY_BYTES`, or more than `MAX_ITEMS` events and responses."""

    code = "too_large"
    status = TOO_LARGE


class TooMany(ProtocolError):
    """Too many attempts from one address."""

    code = "too_many"
    status = TOO_MANY


class WrongVersion(ProtocolError):
    """The other side speaks another version of the protocol."""

    code = "version"
    status = UPGRADE_REQUIRED


class SignatureError(ProtocolError):
    """A signed message cannot be trusted."""

    code = "signature"


class UnknownKey(SignatureError):
    """The message names a key that this side does not hold."""

    code = "unknown_key"


class BadSignature(SignatureError):
    """The signature is missing or does not belong to this content."""

    code = "bad_signature"
