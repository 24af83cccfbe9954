"""What the service does: requests, stages, messages, consent. Plain functions over a connection.

Nothing here knows Telegram; another channel could call the same functions.
"""
