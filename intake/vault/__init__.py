"""All cryptography of the service, one small file a concern; knows no SQL, no page and no clock.

Every stored object starts with version and suite. Every derived key and every sealed thing has a label of its own.
"Not for me" is an expected outcome (`NotForMe`); everything else that does not open is `Tampered`.
"""
