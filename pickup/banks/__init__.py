"""The server's side of TLP/1 (docs/lockers-protocol.md): events in, commands and authorisation lists out."""
