import type { KnownRun } from '@hemline/runs';
import { drawTable } from './table.ts';

/**
 * A run for people.
 * @param run with its record
 * @returns facts, steps, what went in and came out, metrics, problems
 */
export function runText({ record, state, directory }: KnownRun): string {
  const { code, cost, process: writer } = record;
  const facts: [string, string | number | null][] = [
    ['state', record.resumed === 0 ? state : `${state}, resumed ${record.resumed} times`],
    ['started', record.startedAt],
    ['ended', record.endedAt],
    ['seconds', record.seconds],
    ['command', record.command.join(' ') || null],
    ...Object.entries(record.parameters),
    ['code', codeText(code)],
    ['process', `${writer.pid} of ${writer.host}, Node ${writer.node}`],
    ['cost', cost === null ? null : costText(cost)],
    ['folder', directory],
  ];
  return [
    `Run ${record.run}`,
    drawTable(['of', 'value'], facts),
    ...section(
      'Inputs',
      ['input', 'where', 'rows', 'fingerprint'],
      record.inputs.map(({ name, url, rows, fingerprint }) => [name, url, rows, fingerprint]),
    ),
    ...section(
      'Images',
      ['of', 'image', 'digest'],
      record.images.map(({ name, uri, digest }) => [name, uri, digest]),
    ),
    ...section(
      'Steps',
      ['step', 'state', 'attempts', 'seconds', 'MiB', 'on', 'cost'],
      record.steps.map((step) => [
        step.step,
        step.fellBackTo === null ? step.state : `${step.state}: ${step.fellBackTo}`,
        step.attempts,
        step.seconds,
        step.peakMemoryBytes === null ? null : Math.round(step.peakMemoryBytes / 2 ** 20),
        step.instanceType === null ? null : `${step.instances} × ${step.instanceType}`,
        step.cost,
      ]),
    ),
    ...section(
      'Models',
      ['model', 'version', 'role', 'trained by', 'artifact'],
      record.versions.map((each) => [each.model, each.version, each.role, each.trainedBy, each.artifact]),
    ),
    ...section(
      'Metrics',
      ['step', 'metric', 'value'],
      record.metrics.map(({ step, name, value, notFinite }) => [step, name, value ?? notFinite]),
    ),
    ...section(
      'Outputs',
      ['output', 'where', 'files', 'rows'],
      record.outputs.map(({ name, url, files, rows }) => [name, url, files, rows]),
    ),
    ...record.problems.map(({ step, message }) => `! ${step === null ? '' : `${step}: `}${message}`),
    ...record.steps.flatMap(({ error }) =>
      error === null || error.log === null ? [] : [`  log: ${error.log}`],
    ),
  ].join('\n');
}

/**
 * @param code of a run
 * @returns such as `0.1.0, commit 5f2c00a with changes`
 */
export function codeText(code: KnownRun['record']['code']): string {
  if (code.commit === null) return code.version;
  return `${code.version}, commit ${code.commit.slice(0, 12)}${code.dirty === true ? ' with changes' : ''}`;
}

function costText({ amount, currency, unpriced }: NonNullable<KnownRun['record']['cost']>): string {
  const lacking = unpriced.length === 0 ? '' : `, without ${unpriced.join(', ')}: no price is known`;
  return `${amount.toFixed(4)} ${currency}${lacking}`;
}

type Cell = string | number | null;

function section(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  return rows.length === 0 ? [] : [title, drawTable(head, rows)];
}
