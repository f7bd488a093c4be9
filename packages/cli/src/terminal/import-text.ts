import type { ImportResult } from '@hemline/hemline';
import { drawTable } from './table.ts';

/**
 * What became of the lines of an import, for people.
 * @param summary of the import
 * @returns a table of counts, what there is to know, and where the dataset is
 */
export function importText(summary: ImportResult): string {
  const { out, files, passedOver, lines, returns, weeks, rows, withoutAttributes } = summary;
  const counts: [string, number, number | null][] = [['sales', lines.used.lines, lines.used.units]];
  if (lines.returns.lines > 0) counts.push(['returns', lines.returns.lines, lines.returns.units]);
  for (const [reason, { lines: some, units }] of Object.entries(lines.leftOut))
    counts.push([`left out: ${reason}`, some, units]);
  for (const section of SECTIONS) {
    const found = summary[section];
    if (found === undefined) continue;
    counts.push([section, found.used.lines, found.used.units]);
    for (const [reason, { lines: some, units }] of Object.entries(found.leftOut))
      counts.push([`${section} left out: ${reason}`, some, units]);
  }
  const texts = [
    drawTable([`lines of ${files} ${files === 1 ? 'file' : 'files'}`, 'lines', 'units'], counts),
  ];
  if (returns !== null) {
    const found = Object.entries(returns).map(([name, { lines: some, units }]): [string, number, number] => [
      RETURNS[name as keyof typeof returns],
      some,
      units,
    ]);
    texts.push(drawTable(['units that came back', 'lines', 'units'], found));
  }
  const notes = [
    [weeks.aboveBlackPrice, 'weeks were sold above the black price: their discount is 0'],
    [weeks.withoutBlackPrice, 'weeks have no black price, and so no discount'],
    [weeks.stockWithoutSale, 'weeks had stock and no sale: their demand is 0'],
    ...Object.entries(withoutAttributes).map(([table, count]) => [count, `${table} have no attributes`]),
    [passedOver.length, 'files are none of those that can be read'],
  ].filter(([count]) => (count as number) > 0);
  texts.push(...notes.map(([count, what]) => `${count!.toLocaleString('en')} ${what}.`));
  const written = Object.entries(rows)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count.toLocaleString('en')}`);
  texts.push(
    `Weeks ${weeks.first} to ${weeks.last}, the last day with a sale is ${weeks.lastDay}.`,
    `${out}: ${written.join(', ')} rows`,
  );
  return texts.join('\n');
}

/** Sections that may have files of their own. */
const SECTIONS = [
  ...(['prices', 'stock', 'sizes', 'fulfillment', 'clearance', 'articles', 'markets'] as const),
];

const RETURNS = {
  inTime: 'in the table of returns',
  late: 'left out: too late',
  withoutParty: 'left out: whose is not known',
  withoutPurchase: 'left out: not bought before',
} as const;
