import type { Measured } from './contestant.ts';
import type { Result } from './measure.ts';

/**
 * A result for people.
 * @param result of a comparison
 * @returns a table, and what is required of it
 */
export function formatResult(result: Result): string {
  const reference = result.measured.find(({ name }) => name === result.reference) ?? null;
  const rows = result.measured.map((measured) => cells(measured, reference));
  const head = ['', 'seconds', 'least – most', `× ${result.reference}`, 'peak MB', 'file MB'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  const stages = result.measured.flatMap(({ name, stages: shares }) =>
    shares === null
      ? []
      : [
          `${name}: ${Object.entries(shares)
            .map(([stage, share]) => `${stage} ${(100 * share).toFixed(0)} %`)
            .join(', ')}`,
        ],
  );
  const figures = result.measured.flatMap(({ name, samples }) => {
    const last = samples.at(-1)?.figures;
    return last === undefined ? [] : [`${name}: ${figuresText(last)}`];
  });
  return [
    result.title,
    line(head),
    ...rows.map(line),
    ...stages,
    ...figures,
    ...result.skipped.map(({ name, reason }) => `skipped ${name}: ${reason}`),
    ...result.verdicts.map(
      ({ requirement, value, limit, holds }) =>
        `${holds ? 'holds' : 'FALLS SHORT'}: ${requirement} (${value.toFixed(2)}, limit ${limit})`,
    ),
  ].join('\n');
}

/** Names end with their unit. */
function figuresText(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(3)}`)
    .join(', ');
}

function cells({ name, seconds, peakBytes, bytes }: Measured, reference: Measured | null): string[] {
  return [
    name,
    seconds.median.toFixed(3),
    `${seconds.least.toFixed(3)} – ${seconds.most.toFixed(3)}`,
    reference === null ? '' : (seconds.median / reference.seconds.median).toFixed(2),
    (peakBytes / 1e6).toFixed(0),
    bytes === null ? '' : (bytes / 1e6).toFixed(1),
  ];
}
