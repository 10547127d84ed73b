""".NET format tests: results and refusals of format_datetime as in .NET's documentation."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.api.dotnet_datetime import DateTimeFormatError, format_datetime

PACIFIC = timedelta(hours=-7)

JUNE_1 = datetime(2009, 6, 1, 13, 45, 30)
JUNE_15 = datetime(2009, 6, 15, 13, 45, 30)
JUNE_15_NIGHT = datetime(2009, 6, 15, 1, 45, 30)
JUNE_15_EARLY = datetime(2009, 6, 15, 1, 9, 30)
JUNE_15_NINTH_SECOND = datetime(2009, 6, 15, 13, 45, 9)
APRIL_10 = datetime(2008, 4, 10, 6, 30)
APRIL_10_UTC = datetime(2008, 4, 10, 13, 30)
AUGUST_17 = datetime(2000, 8, 17, 16, 32, 32)
AUGUST_17_UTC = datetime(2000, 8, 17, 23, 32, 32)
AUGUST_29 = datetime(2008, 8, 29, 19, 27, 15, 18_000)
NEW_YEAR_EVENING = datetime(2008, 1, 1, 18, 9, 1)
NEW_YEAR_EVENING_HALF = datetime(2008, 1, 1, 18, 9, 1, 500_000)
NEW_YEAR_MORNING = datetime(2008, 1, 1, 6, 9, 1)
YEAR_1 = datetime(1, 1, 1)
YEAR_900 = datetime(900, 1, 1)
YEAR_1900 = datetime(1900, 1, 1)
YEAR_2010 = datetime(2010, 1, 1)
YEAR_2019 = datetime(2019, 6, 15, 13, 45, 30)


def june_15(microsecond: int) -> datetime:
    return JUNE_15.replace(microsecond=microsecond)


# Every row is an example whose result the documentation prints, in the invariant culture or in a form
# en-US and the invariant culture share. A one-letter specifier is written with '%', as the pages ask.
STANDARD_PAGE = [
    (datetime(2008, 4, 10), "d", "04/10/2008"),
    (APRIL_10, "g", "04/10/2008 06:30"),
    (APRIL_10, "G", "04/10/2008 06:30:00"),
    (APRIL_10, "m", "April 10"),
    (JUNE_15, "M", "June 15"),
    (JUNE_15, "m", "June 15"),
    (APRIL_10, "o", "2008-04-10T06:30:00.0000000"),
    (JUNE_15, "o", "2009-06-15T13:45:30.0000000"),
    (JUNE_15, "O", "2009-06-15T13:45:30.0000000"),
    (APRIL_10_UTC, "r", "Thu, 10 Apr 2008 13:30:00 GMT"),
    (APRIL_10, "s", "2008-04-10T06:30:00"),
    (JUNE_15, "s", "2009-06-15T13:45:30"),
    (APRIL_10_UTC, "u", "2008-04-10 13:30:00Z"),
    (JUNE_15, "u", "2009-06-15 13:45:30Z"),
]

CUSTOM_PAGE_TABLE = [
    (JUNE_1, "%d", "1"),
    (JUNE_15, "%d", "15"),
    (JUNE_1, "dd", "01"),
    (JUNE_15, "dd", "15"),
    (JUNE_15, "ddd", "Mon"),
    (JUNE_15, "dddd", "Monday"),
    (june_15(617_000), "%f", "6"),
    (june_15(50_000), "%f", "0"),
    (june_15(617_000), "ff", "61"),
    (june_15(5_000), "ff", "00"),
    (june_15(617_000), "fff", "617"),
    (june_15(500), "fff", "000"),
    (june_15(617_500), "ffff", "6175"),
    (june_15(50), "ffff", "0000"),
    (june_15(617_540), "fffff", "61754"),
    (june_15(5), "fffff", "00000"),
    (june_15(617_542), "ffffff", "617542"),
    (june_15(115), "fffffff", "0001150"),
    (june_15(617_000), "%F", "6"),
    (june_15(50_000), "%F", ""),
    (june_15(617_000), "FF", "61"),
    (june_15(5_000), "FF", ""),
    (june_15(617_000), "FFF", "617"),
    (june_15(500), "FFF", ""),
    (june_15(527_500), "FFFF", "5275"),
    (june_15(50), "FFFF", ""),
    (june_15(617_540), "FFFFF", "61754"),
    (june_15(5), "FFFFF", ""),
    (june_15(617_542), "FFFFFF", "617542"),
    (june_15(115), "FFFFFFF", "000115"),
    (june_15(617_000), "%g", "A.D."),
    (june_15(617_000), "gg", "A.D."),
    (JUNE_15_NIGHT, "%h", "1"),
    (JUNE_15, "%h", "1"),
    (JUNE_15_NIGHT, "hh", "01"),
    (JUNE_15, "hh", "01"),
    (JUNE_15_NIGHT, "%H", "1"),
    (JUNE_15, "%H", "13"),
    (JUNE_15_NIGHT, "HH", "01"),
    (JUNE_15, "HH", "13"),
    (JUNE_15, "%K", ""),
    (JUNE_15_EARLY, "%m", "9"),
    (datetime(2009, 6, 15, 13, 29, 30), "%m", "29"),
    (JUNE_15_EARLY, "mm", "09"),
    (JUNE_15_NIGHT, "mm", "45"),
    (JUNE_15, "%M", "6"),
    (JUNE_15, "MM", "06"),
    (JUNE_15, "MMM", "Jun"),
    (JUNE_15, "MMMM", "June"),
    (JUNE_15_NINTH_SECOND, "%s", "9"),
    (JUNE_15_NINTH_SECOND, "ss", "09"),
    (JUNE_15, "%t", "P"),
    (JUNE_15, "tt", "PM"),
    (YEAR_1, "%y", "1"),
    (YEAR_900, "%y", "0"),
    (YEAR_1900, "%y", "0"),
    (JUNE_15, "%y", "9"),
    (YEAR_2019, "%y", "19"),
    (YEAR_1, "yy", "01"),
    (YEAR_900, "yy", "00"),
    (YEAR_1900, "yy", "00"),
    (YEAR_2019, "yy", "19"),
    (YEAR_1, "yyy", "001"),
    (YEAR_900, "yyy", "900"),
    (YEAR_1900, "yyy", "1900"),
    (JUNE_15, "yyy", "2009"),
    (YEAR_1, "yyyy", "0001"),
    (YEAR_900, "yyyy", "0900"),
    (YEAR_1900, "yyyy", "1900"),
    (JUNE_15, "yyyy", "2009"),
    (YEAR_1, "yyyyy", "00001"),
    (JUNE_15, "yyyyy", "02009"),
    (JUNE_15, "%z", "-7"),
    (JUNE_15, "zz", "-07"),
    (JUNE_15, "zzz", "-07:00"),
    (JUNE_15, "%:", ":"),
    (JUNE_15, "%/", "/"),
    (JUNE_15, "'arr:' h:m t", "arr: 1:45 P"),
    (JUNE_15, '"arr:" h:m t', "arr: 1:45 P"),
    (JUNE_15, r"h \h", "1 h"),
    (JUNE_15_NIGHT, "arr hh:mm t", "arr 01:45 A"),
]

CUSTOM_PAGE_SAMPLES = [
    (datetime(2011, 6, 10), "MMMM dd, yyyy", "June 10, 2011"),
    (AUGUST_29, "d, M", "29, 8"),
    (AUGUST_29, "d MMMM", "29 August"),
    (datetime(2008, 1, 2, 6, 30, 15), "dd, MM", "02, 01"),
    (AUGUST_29, "ddd d MMM", "Fri 29 Aug"),
    (AUGUST_29, "dddd dd MMMM", "Friday 29 August"),
    (AUGUST_29, "hh:mm:ss.f", "07:27:15.0"),
    (AUGUST_29, "hh:mm:ss.F", "07:27:15"),
    (AUGUST_29, "hh:mm:ss.ff", "07:27:15.01"),
    (AUGUST_29, "hh:mm:ss.FF", "07:27:15.01"),
    (AUGUST_29, "hh:mm:ss.fff", "07:27:15.018"),
    (AUGUST_29, "hh:mm:ss.FFF", "07:27:15.018"),
    (datetime(70, 8, 4), "MM/dd/yyyy g", "08/04/0070 A.D."),
    (NEW_YEAR_EVENING, "h:m:s.F t", "6:9:1 P"),
    (NEW_YEAR_EVENING_HALF, "h:m:s.F t", "6:9:1.5 P"),
    (NEW_YEAR_EVENING, "hh:mm:ss tt", "06:09:01 PM"),
    (NEW_YEAR_EVENING_HALF, "hh:mm:ss.ff tt", "06:09:01.50 PM"),
    (NEW_YEAR_MORNING, "H:mm:ss", "6:09:01"),
    (NEW_YEAR_MORNING, "HH:mm:ss", "06:09:01"),
    (datetime(2008, 8, 18), "(M) MMM, MMMM", "(8) Aug, August"),
    (YEAR_2010, "%y", "10"),
    (YEAR_2010, "yyyyy", "02010"),
    (JUNE_15, " h", " 1"),
    (JUNE_15, "h ", "1 "),
    (JUNE_15, r"h \h m \m", "1 h 45 m"),
    (datetime(2016, 8, 18, 16, 50), r"dd MMM yyyy hh:mm tt p\s\t", "18 Aug 2016 04:50 PM pst"),
]

# DateTime.ToString(string, IFormatProvider), .NET Framework 1.1, with DateTimeFormatInfo.InvariantInfo.
TOSTRING_PAGE = [
    (AUGUST_17, "d", "08/17/2000"),
    (AUGUST_17, "g", "08/17/2000 16:32"),
    (AUGUST_17, "G", "08/17/2000 16:32:32"),
    (AUGUST_17, "m", "August 17"),
    (AUGUST_17_UTC, "r", "Thu, 17 Aug 2000 23:32:32 GMT"),
    (AUGUST_17, "s", "2000-08-17T16:32:32"),
    (AUGUST_17, "t", "16:32"),
    (AUGUST_17, "T", "16:32:32"),
    (AUGUST_17_UTC, "u", "2000-08-17 23:32:32Z"),
    (AUGUST_17, "dddd, MMMM dd yyyy", "Thursday, August 17 2000"),
    (AUGUST_17, 'ddd, MMM d "\'"yy', "Thu, Aug 17 '00"),
    (AUGUST_17, "dddd, MMMM dd", "Thursday, August 17"),
    (AUGUST_17, "M/yy", "8/00"),
    (AUGUST_17, "dd-MM-yy", "17-08-00"),
]

# The standard page prints these results only for other cultures, but gives the invariant pattern.
INVARIANT_PATTERNS = [
    ("D", "dddd, dd MMMM yyyy", "Thursday, 10 April 2008"),
    ("f", "dddd, dd MMMM yyyy HH:mm", "Thursday, 10 April 2008 06:30"),
    ("F", "dddd, dd MMMM yyyy HH:mm:ss", "Thursday, 10 April 2008 06:30:00"),
    ("R", "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'", "Thu, 10 Apr 2008 06:30:00 GMT"),
    ("y", "yyyy MMMM", "2008 April"),
    ("Y", "yyyy MMMM", "2008 April"),
]

# Not on the pages: these follow the runtime's DateTimeFormat.FormatCustomized.
RUNTIME_ROWS = [
    (JUNE_15, "dddddd", "Monday"),
    (JUNE_15, "MMMMMM", "June"),
    (JUNE_15, "ggg", "A.D."),
    (JUNE_15, "hhh", "01"),
    (JUNE_15_EARLY, "HHHH|mmm", "01|09"),
    (JUNE_15_NINTH_SECOND, "sss", "09"),
    (JUNE_15, "ttt", "PM"),
    (JUNE_15, "zzzz", "-07:00"),
    (JUNE_15, "y" * 20, "2009".zfill(20)),
    (JUNE_15, "KKK|", "|"),
    (datetime(2009, 6, 15), "h tt|hh t", "12 AM|12 A"),
    (datetime(2009, 6, 15, 12), "h tt|hh t", "12 PM|12 P"),
    (JUNE_15, "%dd", "1515"),
    (JUNE_15, "%Q", "Q"),
    (JUNE_15, "'.'FFF|", "|"),
    (JUNE_15, r"\.FFF|", "|"),
    (JUNE_15, ".%F|", "|"),
    (JUNE_15, "FFF.s", ".30"),
    (JUNE_15, r"'don\'t' \\ d", r"don't \ 15"),
    (JUNE_15, "\"'\"''", "'"),
    (JUNE_15, "\N{TOOTH}", "\N{TOOTH}"),
    (JUNE_15, "a\nb", "a\nb"),
]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        pytest.param(*row, id=f"{page}-{row[0].isoformat()}-{row[1]}")
        for page, rows in {
            "standard": STANDARD_PAGE,
            "table": CUSTOM_PAGE_TABLE,
            "sample": CUSTOM_PAGE_SAMPLES,
            "tostring": TOSTRING_PAGE,
            "runtime": RUNTIME_ROWS,
        }.items()
        for row in rows
    ],
)
def test_gives_the_documented_text(value: datetime, form: str, text: str) -> None:
    assert format_datetime(value, form, utc_offset=PACIFIC) == text


@pytest.mark.parametrize(("letter", "pattern", "text"), [pytest.param(*row, id=row[0]) for row in INVARIANT_PATTERNS])
def test_standard_format_stands_for_its_documented_pattern(letter: str, pattern: str, text: str) -> None:
    assert format_datetime(APRIL_10, letter, utc_offset=PACIFIC) == text
    assert format_datetime(APRIL_10, pattern, utc_offset=PACIFIC) == text


def test_empty_format_is_the_general_one() -> None:
    assert format_datetime(APRIL_10, "", utc_offset=PACIFIC) == "04/10/2008 06:30:00"


@pytest.mark.parametrize(
    ("value", "hours", "text"),
    [
        pytest.param(APRIL_10, -7, "Thursday, 10 April 2008 13:30:00", id="documented-pacific"),
        pytest.param(AUGUST_17, -7, "Thursday, 17 August 2000 23:32:32", id="documented-tostring"),
        pytest.param(APRIL_10, 7, "Wednesday, 09 April 2008 23:30:00", id="day-before"),
        pytest.param(datetime.min, 1, "Monday, 01 January 0001 00:00:00", id="calendar-start"),
        pytest.param(datetime.max, -1, "Friday, 31 December 9999 23:59:59", id="calendar-end"),
    ],
)
def test_only_capital_u_converts_to_utc(value: datetime, hours: int, text: str) -> None:
    assert format_datetime(value, "U", utc_offset=timedelta(hours=hours)) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        pytest.param(0, "+0 +00 +00:00", id="documented-utc"),
        pytest.param(360, "+6 +06 +06:00", id="documented-ahead"),
        pytest.param(-420, "-7 -07 -07:00", id="documented-behind"),
        pytest.param(-210, "-3 -03 -03:30", id="behind-with-half-hour"),
        pytest.param(840, "+14 +14 +14:00", id="two-digit-hours"),
        pytest.param(-30, "-0 -00 -00:30", id="behind-by-less-than-an-hour"),
    ],
)
def test_offset_specifiers(minutes: int, text: str) -> None:
    assert format_datetime(JUNE_15, "z zz zzz", utc_offset=timedelta(minutes=minutes)) == text


@pytest.mark.parametrize(
    ("form", "hint"),
    [
        pytest.param("h", "write %h", id="documented-h-alone"),
        pytest.param("z", "write %z", id="documented-z-alone"),
        pytest.param("H", "write %H", id="capital-h-alone"),
        pytest.param("K", "write %K", id="k-alone"),
        pytest.param(":", r"write \:", id="documented-time-separator-alone"),
        pytest.param("/", r"write \/", id="documented-date-separator-alone"),
        pytest.param("Q", r"write \Q", id="unknown-letter-alone"),
        pytest.param("S", r"write \S", id="no-capital-s"),
        pytest.param(" ", "must be a standard format", id="space-alone"),
        pytest.param("%", r"write \%", id="percent-alone"),
        pytest.param("'", r"write \'", id="quote-alone"),
        pytest.param("yyyy%", "the % at character 5", id="percent-at-end"),
        pytest.param("%%d", "the % at character 1", id="percent-percent"),
        pytest.param("%'d'", "the % at character 1", id="percent-quote"),
        pytest.param("%\\d", "the % at character 1", id="percent-backslash"),
        pytest.param("yyyy\\", "the \\ at character 5", id="backslash-at-end"),
        pytest.param("yyyy 'T", "the ' at character 6", id="unclosed-apostrophe"),
        pytest.param("yyyy \"T'", 'the " at character 6', id="quote-closed-by-the-other-kind"),
        pytest.param(r"'T\'", "the ' at character 1", id="closing-quote-escaped"),
        pytest.param("'T\\", "the ' at character 1", id="backslash-at-end-in-quotes"),
        pytest.param("f" * 8, "at most 7 f", id="eight-f"),
        pytest.param("ss." + "F" * 8, "at most 7 F", id="eight-capital-f"),
    ],
)
def test_refuses_with_a_hint(form: str, hint: str) -> None:
    with pytest.raises(DateTimeFormatError) as refusal:
        format_datetime(JUNE_15, form, utc_offset=PACIFIC)
    assert hint in str(refusal.value)
    assert f"[{form}]" in str(refusal.value)


SPECIAL_TEXT = st.text(alphabet="dfFghHKmMstyzUu:/%'\"\\. \nQ")


@given(
    value=st.datetimes(),
    form=st.text() | SPECIAL_TEXT | st.characters(),
    utc_offset=st.timedeltas(timedelta(hours=-14), timedelta(hours=14)),
)
def test_any_text_is_formatted_or_refused(value: datetime, form: str, utc_offset: timedelta) -> None:
    try:
        text = format_datetime(value, form, utc_offset=utc_offset)
    except DateTimeFormatError:
        return
    assert isinstance(text, str)


@given(literal=st.text())
def test_quoted_text_is_copied(literal: str) -> None:
    quoted = "'" + literal.replace("\\", r"\\").replace("'", r"\'") + "'"
    assert format_datetime(JUNE_15, quoted, utc_offset=PACIFIC) == literal
