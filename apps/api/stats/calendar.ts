const DAY_MS = 86_400_000;

/** `2026-06-01`. @param day days since 1970-01-01 */
export const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** `2026-06` */
export const monthText = (day: number): string => dayText(day).slice(0, 7);

/** The week of ISO 8601, `2026-W23`: it belongs to the year that its Thursday is in. */
export function weekText(day: number): string {
  // 1970-01-01 was a Thursday.
  const thursday = Math.floor((day + 3) / 7) * 7;
  const year = new Date(thursday * DAY_MS).getUTCFullYear();
  const newYear = Date.UTC(year, 0, 1) / DAY_MS;
  const week = Math.floor((thursday - newYear) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
