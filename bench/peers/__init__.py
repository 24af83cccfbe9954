"""Who takes part. Everyone holds the same conversation with the same people."""

TOKEN = "100200300:made-up-token-for-the-bench"  # noqa: S105 - only the loopback server knows it
