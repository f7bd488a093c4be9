import {
  SchemaError,
  dateColumn,
  isValid,
  type Column,
  type ErrorPlace,
  type TimestampColumn,
} from '@hemline/core';

const MS_PER_DAY = 86_400_000;
const PER_MS = { ms: 1n, us: 1_000n, ns: 1_000_000n } as const;
const PER_DAY = { ms: 86_400_000n, us: 86_400_000_000n, ns: 86_400_000_000_000n } as const;

/**
 * Points in time as dates. They stand for a date only at midnight: of the time zone that the file or the descriptor names, else
 * of UTC.
 * @param column as read
 * @param zone IANA name or offset; null: UTC
 * @param placeOf the place of a row, for messages
 * @returns days since 1970-01-01
 * @throws SchemaError for the first value that is no midnight
 */
export function datesOfTimes(
  column: TimestampColumn,
  zone: string | null,
  placeOf: (row: number) => ErrorPlace,
): Column {
  const clock = zone === null || zone === 'UTC' ? null : localClock(zone, placeOf(0));
  const days = new Int32Array(column.length);
  const known = new Map<bigint, number>();
  for (let row = 0; row < days.length; row++) {
    if (!isValid(column, row)) continue;
    const value = column.values[row]!;
    let day = known.get(value);
    if (day === undefined) {
      day = dayOf(column, value, clock);
      if (!Number.isInteger(day)) throw noMidnight(column, value, zone, placeOf(row));
      known.set(value, day);
    }
    days[row] = day;
  }
  return dateColumn(days, column.validity);
}

/** @returns the day; NaN where the value is no midnight */
function dayOf(
  { unit }: TimestampColumn,
  value: bigint,
  clock: ((milliseconds: number) => number) | null,
): number {
  if (clock === null) return value % PER_DAY[unit] === 0n ? Number(value / PER_DAY[unit]) : NaN;
  if (value % PER_MS[unit] !== 0n) return NaN;
  const moment = Number(value / PER_MS[unit]);
  const day = clock(moment) / MS_PER_DAY;
  // Where clocks are put forward at midnight, a day begins at one o'clock: its first moment stands for it.
  const isFirst = Number.isInteger(day) || Math.floor(clock(moment - 1) / MS_PER_DAY) < Math.floor(day);
  return isFirst ? Math.floor(day) : NaN;
}

/** @returns what a clock in the zone shows at a point in time, as milliseconds since 1970-01-01 on that clock */
function localClock(zone: string, where: ErrorPlace): (milliseconds: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en', {
      ...{ timeZone: zone, hourCycle: 'h23', era: 'short' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', fractionalSecondDigits: 3 },
    });
  } catch (cause) {
    throw new SchemaError('a time zone is not known', {
      expected: 'a name such as Europe/Berlin, or an offset such as +01:00',
      found: zone,
      where,
      remedy: 'Name the zone under "timeZone" of the table in dataset.json.',
      cause,
    });
  }
  return (milliseconds) => {
    const parts = Object.fromEntries(
      format.formatToParts(milliseconds).map(({ type, value }) => [type, value]),
    );
    const number = (name: string): number => Number(parts[name]);
    const time = Date.UTC(
      ...[number('year'), number('month') - 1, number('day')],
      ...[number('hour'), number('minute'), number('second'), number('fractionalSecond')],
    );
    return time;
  };
}

function noMidnight(
  { unit }: TimestampColumn,
  value: bigint,
  zone: string | null,
  where: ErrorPlace,
): SchemaError {
  const milliseconds = Number(value / PER_MS[unit]);
  const time = Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : `${value} ${unit}`;
  const hint = zone === null ? zoneHint(milliseconds) : '';
  return new SchemaError('a point in time is no date', {
    expected: zone === null ? 'midnight (UTC)' : `midnight in ${zone}`,
    found: `${time.replace('.000Z', 'Z')}${hint}`,
    where,
    remedy:
      'Name the zone in which it is midnight as "timeZone" of the table in dataset.json, such as "Europe/Berlin"; or cast the column to a date in that zone before writing it.',
  });
}

/** Where it is midnight at a point in time, if zones of whole quarters of an hour have one there. */
function zoneHint(milliseconds: number): string {
  const past = ((milliseconds % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
  if (past % 900_000 !== 0) return '';
  const minutes = past / 60_000;
  const ahead = (24 * 60 - minutes) % (24 * 60);
  // Zones lie between 12 hours behind and 14 hours ahead of UTC.
  const offset = ahead <= 14 * 60 ? ahead : -minutes;
  const sign = offset < 0 ? '−' : '+';
  const clock = `${String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')}:${String(Math.abs(offset) % 60).padStart(2, '0')}`;
  return `, midnight where clocks show UTC ${sign}${clock}`;
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** Weekdays on which weeks may begin. */
export const WEEK_STARTS = DAYS;
/** A weekday on which weeks may begin. */
export type WeekStart = (typeof DAYS)[number];
/** 1970-01-01 was a Thursday. */
const FIRST_MONDAY = 4;

/**
 * Dates as the first days of their weeks.
 * @param column of dates
 * @param shift days by which they are moved before
 * @param start weekday on which weeks begin; undefined: dates are moved by the shift alone
 * @returns a column of dates
 */
export function weekStarts(column: Column, shift: number, start: WeekStart | undefined): Column {
  if (column.type !== 'date') return column;
  const first = start === undefined ? null : FIRST_MONDAY + DAYS.indexOf(start);
  const days = Int32Array.from(column.values, (stored) => {
    const day = stored + shift;
    return first === null ? day : day - ((((day - first) % 7) + 7) % 7);
  });
  return dateColumn(days, column.validity);
}

/**
 * @param day days since 1970-01-01
 * @returns the weekday's name, capitalised
 */
export function weekdayName(day: number): string {
  const name = DAYS[(((day - FIRST_MONDAY) % 7) + 7) % 7]!;
  return name[0]!.toUpperCase() + name.slice(1);
}
