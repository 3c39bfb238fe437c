//! Calendar arithmetic in UTC: seconds to dates and back, for any year.
//!
//! Seconds count from 1970; ports with another epoch add `SECONDS_1970_TO_2000` at their edge. Inside,
//! years begin in March, so a leap day is the last day of a year.

pub const SECONDS_1970_TO_2000: i64 = 946_684_800;

/// From 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;
const DAYS_PER_400_YEARS: i64 = 146_097;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    pub year: i64,
    /// 1..=12.
    pub month: u8,
    /// 1..=31.
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    /// Monday is 0.
    pub weekday: u8,
    /// 1..=366.
    pub yearday: u16,
}

/// From the first of March to the first of a month counted from March: a line through 153 days in five
/// months.
fn days_before(month: i64) -> i64 {
    (153 * month + 2) / 5
}

pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub fn date(seconds: i64) -> Date {
    let (days, clock) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400) as u32);
    let since = days + DAYS_TO_1970;
    let (era, day) = (since.div_euclid(DAYS_PER_400_YEARS), since.rem_euclid(DAYS_PER_400_YEARS));
    // Takes the leap days out, so that all years have 365.
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day + 2) / 153;
    let january_on = from_march >= 10;
    let month = if january_on { from_march - 9 } else { from_march + 3 };
    let year = era * 400 + year + i64::from(january_on);
    let yearday = if january_on { day - 306 } else { day + 59 + i64::from(is_leap(year)) };
    Date {
        year,
        month: month as u8,
        day: (day - days_before(from_march) + 1) as u8,
        hour: (clock / 3600) as u8,
        minute: (clock / 60 % 60) as u8,
        second: (clock % 60) as u8,
        // 1970-01-01 was a Thursday.
        weekday: (days + 3).rem_euclid(7) as u8,
        yearday: yearday as u16 + 1,
    }
}

/// Fields out of their range carry over (day 0 is the last of the month before, hour 25 the next day).
/// `None` where the result leaves 64 bits.
pub fn seconds(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> Option<i64> {
    let from_march = month.checked_sub(3)?;
    let year = year.checked_add(from_march.div_euclid(12))?;
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let days = 365 * of_era + of_era / 4 - of_era / 100 + days_before(from_march.rem_euclid(12));
    let days = era.checked_mul(DAYS_PER_400_YEARS)?.checked_add(days - DAYS_TO_1970 - 1)?.checked_add(day)?;
    days.checked_mul(24)?
        .checked_add(hour)?
        .checked_mul(60)?
        .checked_add(minute)?
        .checked_mul(60)?
        .checked_add(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(d: &Date) -> (i64, u8, u8) {
        (d.year, d.month, d.day)
    }

    #[test]
    fn known_days() {
        let d = date(0);
        assert_eq!((ymd(&d), d.weekday, d.yearday), ((1970, 1, 1), 3, 1));
        let d = date(SECONDS_1970_TO_2000 - 1);
        assert_eq!((ymd(&d), d.hour, d.minute, d.second, d.yearday), ((1999, 12, 31), 23, 59, 59, 365));
        let d = date(1_709_208_000);
        assert_eq!((ymd(&d), d.hour, d.weekday, d.yearday), ((2024, 2, 29), 12, 3, 60));
        let d = date(-1);
        assert_eq!((ymd(&d), d.second), ((1969, 12, 31), 59));
        assert_eq!(seconds(2000, 1, 1, 0, 0, 0), Some(SECONDS_1970_TO_2000));
        assert_eq!(seconds(2023, 14, 0, 25, -1, 61), seconds(2024, 2, 1, 1, 0, 1));
        assert_eq!(seconds(i64::MAX, 1, 1, 0, 0, 0), None);
        assert_eq!(seconds(2000, i64::MIN, 1, 0, 0, 0), None);
        date(i64::MIN);
        date(i64::MAX);
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut before = date(seconds(1599, 12, 31, 5, 6, 7).unwrap());
        let first = seconds(1600, 1, 1, 5, 6, 7).unwrap();
        for day in 0..if cfg!(miri) { 800 } else { 300_000 } {
            let t = first + day * 86_400;
            let d = date(t);
            let same_month = d.month == before.month && d.day == before.day + 1;
            assert!(same_month || d.day == 1 && before.day >= 28, "{d:?}");
            let next_year =
                d.yearday == 1 && d.month == 1 && before.yearday == 365 + u16::from(is_leap(before.year));
            assert!(d.yearday == before.yearday + 1 || next_year, "{d:?}");
            assert_eq!(d.weekday, (before.weekday + 1) % 7);
            assert_eq!(seconds(d.year, d.month.into(), d.day.into(), 5, 6, 7), Some(t));
            before = d;
        }
    }
}
