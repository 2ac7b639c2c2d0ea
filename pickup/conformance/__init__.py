"""The conformance kit: plays the server, the people and the wall around any controller, and judges it (docs/conformance.md)."""
