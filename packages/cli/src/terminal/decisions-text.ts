import { decisions } from '@hemline/hemline';
import { percent } from './percent.ts';
import { drawTable } from './table.ts';

/** Conflicts and refused prices that are named; --json has more. */
const MOST_NAMED = 10;

/**
 * @param result of taking recommendations in
 * @returns what became of them
 */
export function proposedText(result: decisions.ProposeResult): string {
  const { run, dataset, weeks, proposed, overridden, unchanged, toldBefore, store } = result;
  return [
    toldBefore === null
      ? `${run}: ${count(proposed)} prices of ${dataset} are proposed for ${weeks.join(', ')}${unchangedText(unchanged)}.`
      : `${run} was taken in on ${minute(toldBefore)}: nothing has changed.`,
    ...(overridden > 0 ? [`${count(overridden)} prices that people have fixed stand.`] : []),
    ...(result.lapsed > 0
      ? [
          `! ${count(result.lapsed)} approvals lapse: another discount is proposed now. Approve it anew, or keep the old one as an override.`,
        ]
      : []),
    ...conflictLines(result),
    endText(result, store),
  ].join('\n');
}

/**
 * @param result of taking decisions in
 * @returns what became of the rows
 */
export function importedText(result: decisions.ImportDecisionsResult): string {
  const { file, rows, approved, overridden, inShop, unchanged, undecided, toldBefore, store } = result;
  if (toldBefore !== null)
    return `${file} was taken in on ${minute(toldBefore)}: nothing has changed. Rows that contradicted what was known then are not tried again: give them a file of their own.`;
  return [
    `${file}: ${count(rows)} rows: ${count(approved)} approved, ${count(overridden)} overridden, ${count(inShop)} in the shop${unchangedText(unchanged)}${undecided > 0 ? `, ${count(undecided)} not decided` : ''}.`,
    ...(result.overrideCost === null
      ? []
      : [
          `By the forecasts ${count(result.costed)} overrides earn ${amount(Math.abs(result.overrideCost))} ${result.overrideCost < 0 ? 'more' : 'less'} than what was proposed.`,
        ]),
    ...(result.differing > 0
      ? [`! ${count(result.differing)} prices in the shop are not those that were chosen.`]
      : []),
    ...conflictLines(result),
    ...result.notes.map((note) => `! ${note}`),
    ...(result.unusedColumns.length > 0
      ? [`Columns that nothing is done with: ${result.unusedColumns.join(', ')}`]
      : []),
    endText(result, store),
  ].join('\n');
}

/**
 * @param result of an export
 * @returns what was written, and what was refused
 */
export function exportedText(result: decisions.ExportDecisionsResult): string {
  const { file, prices, overridden, inShop, stale, staleRows } = result;
  return [
    `${file}: ${count(prices)} prices${overridden > 0 ? `, ${count(overridden)} of them fixed by people` : ''}.`,
    ...(inShop > 0 ? [`${count(inShop)} are in the shop already, as they were chosen.`] : []),
    ...(stale > 0
      ? [
          `! ${count(stale)} are refused: the shop has a newer price, and another.`,
          ...named(
            staleRows.map(({ article, market, week }) => `${article} ${market} ${week}`),
            stale,
          ),
        ]
      : []),
  ].join('\n');
}

/**
 * @param result of a listing
 * @returns prices and totals
 */
export function listedText(result: decisions.ListDecisionsResult): string {
  const { prices, states, overridden, differing, rows } = result;
  const told = Object.entries(states).flatMap(([state, number]) =>
    number > 0 ? [`${count(number)} ${state}`] : [],
  );
  const discount = (value: unknown): string =>
    value === null ? '–' : `${Math.round(1000 * Number(value)) / 10} %`;
  return [
    drawTable(
      [
        'week',
        'article',
        'market',
        'state',
        'proposed',
        'chosen',
        'in shop',
        'by',
        'reason',
        'cost',
        'version',
      ],
      rows.map((row) => [
        ...[String(row.week), String(row.article), String(row.market), String(row.state)],
        ...[discount(row.recommended), discount(row.chosen), discount(row.actual)],
        ...[row.by === null ? '–' : String(row.by), row.reason === null ? '–' : String(row.reason)],
        ...[row.cost === null ? null : Number(row.cost), Number(row.version)],
      ]),
    ),
    ...(prices > rows.length ? [`${count(prices - rows.length)} more: --limit shows them.`] : []),
    `${count(prices)} prices: ${told.join(', ')}.`,
    `Forecast when they were proposed: ${amount(result.forecastProfit)}. Of those with a discount before: ${amount(result.comparedProfit)}, and ${amount(result.heldProfit)} if that had been held.`,
    ...(overridden > 0
      ? [
          `${count(overridden)} prices are fixed by people, at a cost of ${amount(result.overrideCost)} by the forecasts.`,
        ]
      : []),
    ...(differing > 0 ? [`! ${count(differing)} prices in the shop are not those that were chosen.`] : []),
  ].join('\n');
}

/** What prices that have passed earned, by how they were decided. */
type Earned = Pick<decisions.ScoreDecisionsResult, 'all' | 'by'>;

/**
 * @param scores of prices
 * @param scores.all in all
 * @param scores.by how they were decided
 * @returns a table of what they earned, and what its columns mean
 */
export function earnedLines({ all, by }: Earned): string[] {
  const row = (name: string, sums: decisions.DecisionSums): (string | number | null)[] => [
    ...[name, sums.prices, sums.followed, Math.round(sums.units), Math.round(sums.earned)],
    ...[Math.round(sums.planned), Math.round(sums.asProposed)],
    ...[sums.compared === 0 ? null : Math.round(sums.asHeld)],
    percent((sums.comparedEarned - sums.asHeld) / Math.abs(sums.asHeld)),
  ];
  return [
    drawTable(
      ['', 'prices', 'in shop', 'units', 'earned', 'promised', 'as proposed', 'if held', 'against holding'],
      [...decisions.DECIDED_AS.map((name) => row(name, by[name])), row('all', all)],
    ),
    "Promised: forecast at the time. As proposed, if held: the forecast's response to the price, at the level of demand that the sales tell.",
  ];
}

/**
 * @param variances by group and discount
 * @returns a table of what forecasts of sales were off by in money, and what its columns mean; nothing where nothing is known
 */
export function varianceLines(variances: readonly decisions.VolumeVariance[]): string[] {
  if (variances.length === 0) return [];
  return [
    drawTable(
      ['of', 'prices', 'off by', 'in sum'],
      variances.map(({ dimension, value, prices, variance, absolute }) => [
        ...[dimension === 'all' ? 'all' : `${dimension} ${value}`, prices],
        ...[Math.round(absolute), Math.round(variance)],
      ]),
    ),
    'Off by: units sold less units forecast, times the profit of one, at the price in the shop: price by price, and in sum (below 0: forecast too high).',
    'That is what the plan was off by, not what better forecasts would have earned: they would have led to other prices and stock.',
  ];
}

/**
 * @param result of scoring
 * @returns what decisions earned
 */
export function scoredText(result: decisions.ScoreDecisionsResult): string {
  const { overrides, weeks, open, unjudged, notes, recorded, known, dryRun } = result;
  return [
    `${count(weeks.length)} weeks have passed: ${weeks.join(', ')}`,
    ...earnedLines(result),
    ...varianceLines(result.variances),
    ...(overrides.prices > 0
      ? [
          `${count(overrides.costed)} of ${count(overrides.prices)} overrides: cost ${amount(overrides.atTheTime)} by the forecasts at the time, ${amount(overrides.after)} by the sales; ${count(overrides.better)} earned more than the proposal.`,
        ]
      : []),
    ...(open > 0 ? [`${count(open)} prices have not passed in the data yet.`] : []),
    ...(unjudged > 0
      ? [
          `! ${count(unjudged)} prices that have passed are in no sum: nothing tells what they would have earned otherwise.`,
        ]
      : []),
    ...notes.map((note) => `! ${note}`),
    dryRun
      ? 'Dry run: no outcomes were kept.'
      : `${count(recorded)} outcomes were kept, ${count(known)} were known.`,
  ].join('\n');
}

function conflictLines({ conflicting, conflicts }: decisions.ToldConflicts): string[] {
  if (conflicting === 0) return [];
  return [
    `! ${count(conflicting)} rows contradict what is known, and have changed nothing:`,
    ...named(
      conflicts.map(
        ({ article, market, week, event, discount, reason }) =>
          `${article} ${market} ${week}, ${event}${discount === null ? '' : ` ${discount}`}: ${reason}`,
      ),
      conflicting,
    ),
  ];
}

function named(lines: readonly string[], all: number): string[] {
  const shown = lines.slice(0, MOST_NAMED);
  return [
    ...shown.map((line) => `  ${line}`),
    ...(all > shown.length ? [`  and ${count(all - shown.length)} more: --json has the first thousand`] : []),
  ];
}

function unchangedText(unchanged: number): string {
  return unchanged > 0 ? `, ${count(unchanged)} were known` : '';
}

function endText(
  { dryRun, segment }: { readonly dryRun: boolean; readonly segment: number | null },
  store: string,
): string {
  if (dryRun) return 'Dry run: nothing was written.';
  return segment === null ? 'Nothing has changed.' : `Decisions: ${store}, segment ${segment}`;
}

function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}

function amount(value: number): string {
  return Math.round(value).toLocaleString('en').replace('-', '−');
}

function count(value: number): string {
  return value.toLocaleString('en');
}
