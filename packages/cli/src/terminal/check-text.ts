import type { CheckResult } from '@hemline/hemline';
import { drawTable } from './table.ts';

/**
 * What a check has found, for people.
 * @param result of the check
 * @returns lines
 */
export function checkText({
  name,
  rows,
  problems,
  changes,
  passedOver,
  unused,
  descriptor,
}: CheckResult): string {
  const counted = Object.entries(rows).map(([table, count]) => `${table} ${count.toLocaleString('en')}`);
  const parts = [`${name}: rows of ${counted.join(', ') || 'no table'}`];
  if (problems.length === 0) parts.push('No problem was found.');
  else
    parts.push(
      drawTable(
        ['table', 'column', 'problem', 'count', 'share'],
        problems.map(({ table, column, kind, count, share }) => [table, column, kind, count, percent(share)]),
      ),
    );
  for (const { message, places, count } of problems) {
    const more = places.slice(1).map((place) => `  also ${place}`);
    if (count > places.length) more.push(`  and ${(count - places.length).toLocaleString('en')} more`);
    parts.push([message, ...more].join('\n'));
  }
  if (changes.length > 0)
    parts.push(
      'read with another meaning, as dataset.json says:',
      drawTable(
        ['change', 'rows'],
        changes.map(({ change, count }) => [change, count]),
      ),
    );
  if (passedOver.length > 0)
    parts.push(
      'files that are not read:',
      drawTable(
        ['table', 'file', 'why'],
        passedOver.map((file) => [file.table, file.name, file.reason]),
      ),
    );
  if (unused.length > 0)
    parts.push(
      'columns that nothing is read of:',
      drawTable(
        ['table', 'column', 'type', 'why'],
        unused.map((column) => [column.table, column.name, column.type, column.reason]),
      ),
    );
  parts.push(...proposal(descriptor, problems));
  return parts.join('\n\n');
}

function percent(share: number | null): string | null {
  if (share === null) return null;
  return `${(100 * share).toLocaleString('en', { maximumSignificantDigits: 2 })} %`;
}

function proposal(descriptor: CheckResult['descriptor'], problems: CheckResult['problems']): string[] {
  const lines: string[] = [];
  if (descriptor !== null) {
    const settings = descriptor.settings.map(
      ({ table, setting, value }) => `+ tables.${table}.${setting}: ${JSON.stringify(value)}`,
    );
    lines.push(
      [
        descriptor.isWritten
          ? `Written to ${descriptor.file}:`
          : `Settled in ${descriptor.file} by (--write-descriptor writes it):`,
        ...settings,
      ].join('\n'),
    );
  }
  const isOpen =
    problems.some(({ settlement }) => settlement?.setting === 'missingWeeks') &&
    descriptor?.settings.every(({ setting }) => setting !== 'missingWeeks') !== false;
  if (isOpen)
    lines.push(
      'What weeks without a row are only you know: --missing-weeks zero (nothing was sold) or unobserved (nothing is known of them).',
    );
  return lines;
}
