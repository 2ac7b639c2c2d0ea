"""How a new computer becomes a bank: a one-time token and the computer's own key against the identity and configuration."""

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import envelope, fields
from .errors import BadMessage, WrongVersion

PROVISION_PATH = "/tlp/1/provision"
LONGEST_TOKEN = 200


@dataclass(frozen=True, kw_only=True)
class ProvisionRequest:
    """Body of `POST /tlp/1/provision`, signed with the key that it names: the sender holds the private half."""

    token: str
    device_key: str
    """Public Ed25519 key, base64url."""

    def sign(self, key: Ed25519PrivateKey) -> dict:
        """Return the signed body."""
        document = {"v": envelope.VERSION, "token": self.token, "device_key": self.device_key}
        return envelope.sign(document, key, envelope.DEVICE_KID)

    @classmethod
    def read(cls, value: object) -> "ProvisionRequest":
        """Read and verify the body; raises WrongVersion, BadMessage or BadSignature."""
        source = fields.document(value, "The body")
        if not envelope.is_ours(source):
            raise WrongVersion("This server speaks TLP version 1.")
        request = cls(
            token=fields.text(source, "token", longest=LONGEST_TOKEN), device_key=fields.text(source, "device_key")
        )
        try:
            keys = envelope.read_public_keys({envelope.DEVICE_KID: request.device_key})
        except ValueError as error:
            raise BadMessage("device_key is not an Ed25519 key.") from error
        envelope.verify(source, keys)
        return request


@dataclass(frozen=True, kw_only=True)
class ProvisionReply:
    """The new identity. TLS protects it on its way; the signed configuration inside is the first one."""

    device_secret: str
    mqtt_user: str
    mqtt_password: str
    config: Mapping
    """The signed document of `configs.BankConfig`."""

    def as_document(self) -> dict:
        """Return the body for the wire."""
        return {"v": envelope.VERSION, "type": "provisioned", **vars(self)}

    @classmethod
    def read(cls, value: object) -> "ProvisionReply":
        """Read the reply; raises WrongVersion or BadMessage."""
        source = fields.document(value, "The reply")
        if not envelope.is_ours(source) or source.get("type") != "provisioned":
            raise WrongVersion("This is not an identity of TLP/1.")
        return cls(
            device_secret=fields.text(source, "device_secret"),
            mqtt_user=fields.text(source, "mqtt_user"),
            mqtt_password=fields.text(source, "mqtt_password"),
            config=dict(fields.document(source.get("config"), "config")),
        )
