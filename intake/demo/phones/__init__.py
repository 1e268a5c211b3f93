"""The demo's phones: a provider of texts and a chat network played on this machine, only ever for the demo."""
