"""Reminders: nothing and nobody is forgotten.

    rules.py     the table: what is reminded of, whom, when, how often, until when
    moments.py   moments by somebody's own clock: days, quiet hours, the hour that a spring skips
    reasons.py   for each kind of reminder, the rows of the case that are its reason
    rows.py      the rows: planned, sent, put off, answered
    planning.py  reasons → rows
    contents.py  what there is to say of it when it is due
    ticking.py   what is due → what to say to whom
    answering.py what people press below a reminder
    said.py      moments as people write them (words in moment_words.py; heard.py and settling.py)

A row says when; its reason is looked up again before anything is said, so a reminder whose reason is gone says
nothing and ends by itself. What is said stands in handlers/reminding.py, the clock's tick in bot/reminding.py.
"""
