/** Days and times without a clock. A date is `YYYY-MM-DD`, a time is in seconds since 1970 (UTC). */

export const DAY = 86400;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

/** Days since 1970 of a date of the Gregorian calendar, year 0001 or later; null if there is no such day. */
export function dayNumber(date: string): number | null {
  const [, year, month, day] = (DATE.exec(date) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || year === 0) return null;
  const lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (day === 0 || day > (lengths[month - 1] ?? 0)) return null;
  const before = year - 1;
  const years = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return years + lengths.slice(0, month - 1).reduce((days, length) => days + length, 0) + day - 719163;
}

/** The date of a day that is counted from 1970. */
export function dateOf(days: number): string {
  let year = 1970 + Math.floor(days / 366);
  while ((dayNumber(`${pad(year + 1, 4)}-01-01`) ?? Infinity) <= days) year += 1;
  let month = 12;
  while ((dayNumber(`${pad(year, 4)}-${pad(month, 2)}-01`) ?? 0) > days) month -= 1;
  const first = dayNumber(`${pad(year, 4)}-${pad(month, 2)}-01`) ?? 0;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(days - first + 1, 2)}`;
}

/** The day of a time, counted from 1970. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
