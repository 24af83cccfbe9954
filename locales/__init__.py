"""The catalogues of sentences, one folder a language, and what keeps them true to the code (`make check-strings`)."""
