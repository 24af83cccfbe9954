"""Chechen words for dates and ages. Months go by their Russian names (CLDR), which are in russian.py.

The old Chechen month names are left out on purpose: sources put the same name two months apart, and some
count by the moon. Such a word is asked back, never guessed.
"""

from casework.dates.sorts import Sort, Vocabulary

CHECHEN: Vocabulary = {  # dates are written with Russian month names
    Sort.LUNAR_MONTH: {9: "мархийн_бутт мархийн_баттахь"},
    Sort.SEASON: {
        1: "бӏаьсте бӏаьста",
        2: "аьхке аьхка",
        3: "гуьйре гурахь",
        4: "ӏай",
    },
    Sort.NUMBER: {
        1: "цхьаъ цхьа",
        2: "шиъ ши",
        3: "кхоъ кхо",
        4: "диъ деа",
        5: "пхиъ пхеа пхи",
        6: "ялх",
        7: "ворхӏ",
        8: "бархӏ",
        9: "исс",
        10: "итт",
        11: "цхьайтта",
        12: "шийтта",
        13: "кхойтта",
        14: "дейтта",
        15: "пхийтта",
        16: "ялхийтта",
        17: "вуьрхӏийтта",
        18: "берхӏийтта",
        19: "ткъайесна",
        20: "ткъа",
    },
    Sort.YEARS: "шо шеран",
    Sort.IN_YEAR: "шарахь шеран_чохь",
    Sort.MONTHS: "бутт беттан баттахь",
    Sort.ABOUT: "гергга",
    Sort.DONT_KNOW: "ца_хаьа суна_ца_хаьа хаац суна_хаац ца_хаьа_суна",
    Sort.BORN: "йина вина дина",
    Sort.NOISE: "а ду ю ву цуьнан цунна хан оршот шинара кхаара еара пӏераска шуот шот кӏира кӏиранде",
}
