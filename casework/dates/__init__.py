"""How people say when somebody was born: the words, and the grammar of dates and ages made of them.

    text → tokens.py (folded spelling, phrases; words from lexicon.py and the tables of each language)
         → numerals.py ("две тысячи семнадцатый" → 2017)
         → shapes.py (tokens → a shape such as "nMy" → its rule in gregorian.py, hijri.py or ages.py)
         → casework/birthdates.py (doubts, what is plausible, the answer)

All languages are understood at once, whatever the interface speaks: a Chechen grandmother writes Russian, her
niece in Baghdad Arabic. Another language is another table beside russian.py.
"""
