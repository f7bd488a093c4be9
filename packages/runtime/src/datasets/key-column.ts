import {
  DataError,
  SchemaError,
  boolColumn,
  dateColumn,
  float64Column,
  isValid,
  parseWeek,
  stringColumn,
  stringsToColumn,
  valueAt,
  type Column,
  type ColumnType,
  type ErrorPlace,
} from '@hemline/core';

/** What hive writers name the folder of missing values. */
export const MISSING_KEY = '__HIVE_DEFAULT_PARTITION__';
/** A date, with the midnight that some writers add. */
const DATE = /^(\d{4}-\d{2}-\d{2})(?:[ T]00:00:00(?:\.0+)?)?$/;

/**
 * The key of a hive folder as a column of its role's type.
 * @param text value in the folder's name
 * @param type of the role
 * @param rows length
 * @param where for messages
 * @returns the column
 * @throws SchemaError when the text is no value of the type
 */
export function keyColumn(text: string, type: ColumnType, rows: number, where: ErrorPlace): Column {
  const isMissing = text === MISSING_KEY;
  switch (type) {
    case 'date': {
      const days = isMissing ? 0 : keyDate(text, where);
      return dateColumn(new Int32Array(rows).fill(days), isMissing ? noneOf(rows) : null);
    }
    case 'float64': {
      const number = isMissing ? 0 : keyNumber(text, where);
      return float64Column(new Float64Array(rows).fill(number), isMissing ? noneOf(rows) : null);
    }
    case 'bool': {
      const flag = isMissing ? 0 : keyFlag(text, where);
      return boolColumn(new Uint8Array(rows).fill(flag), isMissing ? noneOf(rows) : null);
    }
    default:
      return isMissing
        ? stringsToColumn(new Array<null>(rows).fill(null))
        : stringColumn(new Int32Array(rows), [text]);
  }
}

/** The types that a folder's name can be read as. */
export const KEY_TYPES: readonly ColumnType[] = ['string', 'date', 'float64', 'bool'];

/**
 * The week that a folder is named by.
 * @param text value in the folder's name
 * @param where for messages
 * @returns days since 1970-01-01
 * @throws SchemaError when it is no date
 */
export function keyDate(text: string, where: ErrorPlace): number {
  const date = DATE.exec(text)?.[1];
  if (date !== undefined) {
    try {
      return parseWeek(date);
    } catch {
      // Told below, with the folder.
    }
  }
  throw wrongKey(text, 'a date such as 2024-01-01', where);
}

function keyNumber(text: string, where: ErrorPlace): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw wrongKey(text, 'a number', where);
  return number;
}

function keyFlag(text: string, where: ErrorPlace): 0 | 1 {
  if (/^(1|true)$/i.test(text)) return 1;
  if (/^(0|false)$/i.test(text)) return 0;
  throw wrongKey(text, 'true or false', where);
}

function noneOf(rows: number): Uint8Array {
  return new Uint8Array((rows + 7) >> 3);
}

function wrongKey(text: string, expected: string, where: ErrorPlace): SchemaError {
  return new SchemaError("the value in a folder's name cannot stand for its role", {
    expected,
    found: text,
    where,
    remedy: 'Rename the folder, or name another column for this role in dataset.json.',
  });
}

/**
 * Checks a column that is in the files and in the names of their folders: which of the two is right nobody can tell.
 * @param column as read and converted
 * @param key what the folder says, converted alike
 * @param text what its name says
 * @param where of the column
 * @param firstRow row of the file that the column's first row is; null where that is not known
 * @throws DataError for the first row that says something else
 */
export function checkKey(
  column: Column,
  key: Column,
  text: string,
  where: ErrorPlace,
  firstRow: number | null,
): void {
  if (column.length === 0) return;
  const expected = valueAt(key, 0);
  const codes = column.type === 'string' ? column.values : null;
  const code = column.type === 'string' ? column.dictionary.indexOf(String(expected)) : -1;
  for (let row = 0; row < column.length; row++) {
    const isSame =
      expected === null || !isValid(column, row)
        ? expected === null && !isValid(column, row)
        : codes === null
          ? valueAt(column, row) === expected
          : codes[row] === code;
    if (isSame) continue;
    throw new DataError('a folder and the rows in it contradict each other', {
      expected: `${where.column} ${text}, as the folder's name says`,
      found: `${String(valueAt(column, row) ?? 'no value')} in the column`,
      where: firstRow === null ? where : { ...where, row: firstRow + row },
      remedy: 'Move the rows into the folder that they belong to, or rename the column or the key.',
    });
  }
}
