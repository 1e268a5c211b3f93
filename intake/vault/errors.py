"""How the vault refuses; a refusal never carries what it was given."""


class VaultError(Exception):
    """Something does not open, or must not be sealed."""


class NotForMe(VaultError):
    """There is no wrap for this key: an expected outcome, the reader simply is no recipient."""


class Tampered(VaultError):
    """A stored or returned object is not what was sealed here, for this place and this key."""


class Expired(VaultError):
    """Genuine, but too old."""


class TooLong(VaultError):
    """The text does not fit into the largest envelope."""


class UnknownGeneration(VaultError):
    """A generation of the service key is asked for that its file does not hold (any longer, or yet)."""


class KeyFileRefused(VaultError):
    """The service key's file cannot be used: exposed, malformed, or about to lose a generation."""


class WrongPassphrase(VaultError):
    """The passphrase does not open the member's key."""


class WrongFingerprint(VaultError):
    """What was read out over the phone is not the fingerprint of this key."""
