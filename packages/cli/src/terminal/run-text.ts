import { listing } from '@hemline/core';
import { reasonsOf, type KnownRun } from '@hemline/runs';
import { drawTable, showCell } from './table.ts';

/** Metrics of a step that are shown, unless all are asked for. */
const MOST_METRICS = 5;
/** Scores of a run in a list of runs. */
const MOST_IN_A_LINE = 3;
/** What people ask about first. */
const FIRST_METRICS = ['demandError', 'demandBias', 'monotoneViolations', 'wape', 'bias', 'rmse'];

/**
 * A run for people: problems and what came out before what went in, scores before what jobs measured of themselves.
 * @param run with its record
 * @param all whether every metric is shown, or the first of each step
 * @returns the text
 */
export function runText({ record, state, directory }: KnownRun, all = false): string {
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
    ...reasonsOf(record, modelsOf(record)).map(
      ({ model, text }) => `! ${model === null ? '' : `${model}: `}${text}`,
    ),
    ...record.steps.flatMap(({ error }) =>
      error === null || error.log === null ? [] : [`  log: ${error.log}`],
    ),
    ...section(
      'Outputs',
      ['output', 'where', 'files', 'rows'],
      record.outputs.map(({ name, url, files, rows }) => [name, url, files, rows]),
    ),
    ...modelsSection(record, all),
    ...metricsSection(record, all),
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
      'Inputs',
      ['input', 'where', 'rows', 'fingerprint'],
      record.inputs.map(({ name, url, rows, fingerprint }) => [name, url, rows, fingerprint]),
    ),
    ...section(
      'Images',
      ['of', 'image', 'digest'],
      record.images.map(({ name, uri, digest }) => [name, uri, digest]),
    ),
  ].join('\n');
}

/** Which version did what; where its files are, when all is asked for: the registry has it too. */
function modelsSection({ versions }: KnownRun['record'], all: boolean): string[] {
  if (all)
    return section(
      'Models',
      ['model', 'version', 'role', 'trained by', 'artifact'],
      versions.map((each) => [each.model, each.version, each.role, each.trainedBy, each.artifact]),
    );
  const rows = [
    ...Map.groupBy(versions, ({ model, version, trainedBy }) => `${model} ${version} ${trainedBy}`),
  ].map(([, own]) => {
    const { model, version, trainedBy } = own[0]!;
    const roles = own.map(({ role, status }) => (status === null ? role : `${role} (${status})`));
    return [model, version, roles.join(', '), trainedBy];
  });
  return section('Models', ['model', 'version', 'what it did', 'trained by'], rows);
}

function modelsOf({ versions, steps, parameters }: KnownRun['record']): string[] {
  const named = steps.flatMap(({ step }) => modelOf(step) ?? []);
  return [
    ...new Set([...versions.map(({ model }) => model), ...named, ...(parameters['model']?.split(',') ?? [])]),
  ];
}

function metricsSection({ run, metrics }: KnownRun['record'], all: boolean): string[] {
  if (all)
    return section(
      'Metrics',
      ['step', 'metric', 'value'],
      metrics.map(({ step, name, value, notFinite }) => [step, name, value ?? notFinite]),
    );
  const steps = [...Map.groupBy(metrics, ({ step }) => step)].map(([step, own]) => {
    const scores = scoresOf(own);
    const shown = scores.slice(0, MOST_METRICS);
    const texts = shown.map(({ name, value, notFinite }) => `${name} ${showCell(value ?? notFinite)}`);
    return { step, text: texts.join(', '), left: own.length - shown.length };
  });
  const left = steps.reduce((sum, each) => sum + each.left, 0);
  const told = steps.filter(({ text }) => text !== '');
  return [
    ...section(
      'Metrics',
      ['step', 'metrics'],
      told
        .toSorted((a, b) => Number(isScored(b.step)) - Number(isScored(a.step)))
        .map(({ step, text }) => [step, text]),
    ),
    ...(left === 0 ? [] : [`(${left} more metrics: hemline runs show ${run} --all)`]),
  ];
}

/** Of a step; what jobs measure of themselves has names such as forecast_seconds_read. */
function scoresOf(metrics: Metrics): Metrics {
  return metrics.filter(({ name }) => !name.includes('_')).sort((a, b) => rank(a) - rank(b));
}

/** Scores on weeks that a model had not seen come before what a training said of itself. */
function isScored(step: string | null): boolean {
  return /: evaluate$|^(evaluate|backtest|monitor) /.test(step ?? '');
}

/**
 * A run in one line: its first scores; where it has scored several models, the first of each.
 * @param record of the run
 * @returns such as `demandError 0.4012, demandBias -0.1408`; empty where nothing was measured
 */
export function scoresText({ metrics }: KnownRun['record']): string {
  const steps = [...Map.groupBy(metrics, ({ step }) => step)].map(([step, own]) => ({
    ...{ step, scores: scoresOf(own) },
  }));
  const told = steps.filter(({ scores }) => scores.length > 0);
  const scored = told.filter(({ step }) => isScored(step));
  const [first, ...others] = scored.length > 0 ? scored : told;
  if (first === undefined) return '';
  const show = ({ name, value, notFinite }: Metrics[number]): string =>
    `${name} ${showCell(value ?? notFinite)}`;
  if (scored.length === 0 || others.length === 0)
    return first.scores.slice(0, MOST_IN_A_LINE).map(show).join(', ');
  return listing(
    scored.map(({ step, scores }) => `${modelOf(step!) ?? step} ${show(scores[0]!)}`),
    MOST_IN_A_LINE,
  );
}

/** Steps of a workflow are called `weekly/demand-naive: evaluate`. */
function modelOf(step: string): string | undefined {
  return /^[^/]+\/([^:]+): /.exec(step)?.[1];
}

function rank({ name }: { readonly name: string }): number {
  const at = FIRST_METRICS.indexOf(name);
  return at === -1 ? FIRST_METRICS.length : at;
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

type Metrics = KnownRun['record']['metrics'];
type Cell = string | number | null;

function section(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  return rows.length === 0 ? [] : [title, drawTable(head, rows)];
}
