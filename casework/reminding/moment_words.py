"""The words by which people say when: days, times of day, spans. All languages are understood at once.

Months and numbers are those of casework/dates. Chechen words stand here only where they are sure.
"""

from enum import StrEnum


class Part(StrEnum):
    """A part of the day, which tells the one ten o'clock from the other."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    NIGHT = "night"
    NOON = "noon"


class Unit(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


# Days from today, by the words for them; an underscore stands for a space, as in casework/dates.
DAYS = {
    0: "today сегодня اليوم тахана",
    1: "tomorrow завтра غدا غد بكرا بكره باكر кхана",
    2: "day_after_tomorrow the_day_after_tomorrow послезавтра после_завтра بعد_غد بعد_بكرا بعد_بكره лама",
}
# 0 is Monday.
WEEKDAYS = {
    0: "monday mon понедельник пн الاثنين الإثنين اثنين оршот оршотан",
    1: "tuesday tue вторник вт الثلاثاء ثلاثاء шинара",
    2: "wednesday wed среда среду ср الأربعاء أربعاء кхаара",
    3: "thursday thu четверг чт الخميس خميس еара",
    4: "friday fri пятница пятницу пт الجمعة جمعة пӏераска",
    5: "saturday sat суббота субботу сб السبت سبت шот шуот",
    6: "sunday sun воскресенье вс الأحد кӏира кӏиранде кӏиранан_де",
}
PARTS = {
    Part.MORNING: "am a.m утра утром in_the_morning morning صباحا الصبح صباح ص ӏуьйранна",
    Part.AFTERNOON: "pm p.m дня днем вечера вечером in_the_evening evening in_the_afternoon afternoon مساء المساء "
    "العصر بعد_الظهر م сарахь",
    Part.NIGHT: "ночи ночью at_night in_the_night ليلا",
    Part.NOON: "noon at_noon полдень в_полдень ظهرا الظهر",
}
# What stands before the time of day, and makes a bare number one.
MARKERS = "at в во к الساعة ساعة @"
# What stands before a span of time.
SPANS = "in через بعد"
UNITS = {
    Unit.MINUTE: "minute minutes min минут минуту минуты мин دقيقة دقائق",
    Unit.HOUR: "hour hours час часа часов ساعة ساعات",
    Unit.DAY: "day days день дня дней يوم أيام ايام يوما",
    Unit.WEEK: "week weeks неделю недели недель أسبوع أسابيع اسابيع",
    Unit.MONTH: "month months месяц месяца месяцев شهر أشهر شهور",
}
# One word for two of a unit.
DUALS = {
    Unit.HOUR: "ساعتين",
    Unit.DAY: "يومين",
    Unit.WEEK: "أسبوعين",
    Unit.MONTH: "شهرين",
}
ONE = "a an one один одну одна واحد واحدة"
NOISE = "on the of next_to o clock oclock часов час часа ч h г года число числа يوم في من го st nd rd th сахьт . ,"
