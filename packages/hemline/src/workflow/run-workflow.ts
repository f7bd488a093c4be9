import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
  checkHorizon,
  ConfigurationError,
  DEFAULT_DISCOUNTS,
  formatWeek,
  HemlineError,
  parseDiscountGrid,
} from '@hemline/core';
import { Home, readRun, RECORD_FILE } from '@hemline/runs';
import { parseHyperparameters, type Dataset } from '@hemline/runtime';
import { ImageEngine, ProcessEngine, type ContainerEngine } from '@hemline/sagemaker/run';
import type { ModelFacts } from '@hemline/workflow';
import type { LocalRunOptions, LocalRunResult, StepEvent } from '@hemline/workflow/local';
import type { Deployment, Template } from '@hemline/workflow/stack';
import { readLimits } from '../pricing/given-limits.ts';
import { absolutePlace } from '../runs/absolute-place.ts';
import { decisionPlace } from '../decisions/decision-place.ts';
import { registryOf } from '../registry.ts';
import { REPORT_FILE, reportOfRun } from '../runs/report-run.ts';
import { openData, weekOf, type DataOptions, type RecordOptions, type WeekLike } from '../work-options.ts';
import { loadModel, modelPackage } from '../workspace.ts';
import { checkPromotion } from './check-promotion.ts';
import { jobsOfMachine } from './jobs-of-machine.ts';
import { localDeployment } from './local-deployment.ts';
import { withBaselines } from './model-settings.ts';
import { defaultModels } from './default-models.ts';
import { modelCatalog } from './model-catalog.ts';
import { jobEnvironment, programOf } from './programs.ts';
import { pathOfUri, reportOf, type RunReport } from './run-report.ts';
import { sourceVersion } from './source-version.ts';
import { StepListener } from './step-listener.ts';
import { WorkflowRecord } from './workflow-record.ts';

/** Workflows that a person starts. */
export const WORKFLOW_NAMES = ['weekly', 'training', 'inference', 'backtest'] as const;
/** One of them. */
export type WorkflowName = (typeof WORKFLOW_NAMES)[number];

/** What a run of a workflow does, on what. */
export interface WorkflowOptions extends DataOptions, RecordOptions {
  /** Names of models; all by default. */
  readonly models?: readonly string[];
  /** Weeks ahead that are forecast, 26 by default; evaluations hold out as many as the model declares. */
  readonly horizon?: number;
  /** Grid of discounts: `from:to:step` or a list, separated by commas. */
  readonly discounts?: string;
  /** File of limits of prices, YAML or JSON. */
  readonly limits?: string;
  /** Folder or `s3://bucket/prefix` of the decisions whose manual prices stand, where they are not in the home. */
  readonly decisions?: string;
  /** Whether prices that people have fixed are left out of account; by default they stand. */
  readonly ignoreOverrides?: boolean;
  /** Share of the articles, at most, whose discounts of the first week are drawn by lot around the plan, to learn from; 0 by default. */
  readonly explore?: number;
  /** Of everything random, 1 by default. */
  readonly seed?: number;
  /** Of a backtest: last known weeks. */
  readonly cutoffs?: readonly WeekLike[];
  /** Hyperparameters in place of the defaults, by model. */
  readonly hyperparameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Jobs at the same time; by default what cores and memory bear. */
  readonly jobs?: number;
  /** Hosts that a forecast is spread over, 1 by default. */
  readonly hosts?: number;
  /** What runs a job, `process` by default. */
  readonly engine?: 'process' | 'docker' | 'buildah';
  /** Name of the run, if it is a new one. */
  readonly runId?: string;
  /** False: every version that was scored is approved. */
  readonly requirements?: boolean;
  /** Told what happens to each step. */
  onStep?(event: StepEvent): void;
}

/** What a run would do. */
export interface WorkflowPlan {
  readonly workflow: WorkflowName;
  readonly models: readonly string[];
  /** Its steps, a line each. */
  readonly text: string;
}

/** A workflow made ready for this machine. */
interface Prepared {
  readonly home: Home;
  readonly dataset: Dataset;
  readonly catalog: readonly ModelFacts[];
  readonly models: readonly string[];
  /** Those of them that others have to be better than, and nobody asked for. */
  readonly added: readonly string[];
  readonly deployment: Deployment;
  readonly template: Template;
  readonly local: typeof import('@hemline/workflow/local');
}

/**
 * What {@link runWorkflow} would do.
 * @param workflow name
 * @param options data and models
 * @returns its steps
 */
export async function planWorkflow(workflow: WorkflowName, options: WorkflowOptions): Promise<WorkflowPlan> {
  const { template, deployment, models, local } = await prepare(workflow, options);
  const text = local.planText(local.machinesOf(template, deployment.stage), workflow);
  return { workflow, models, text };
}

/**
 * Runs a workflow on this machine, through the state machine that AWS would run. One of the same data, parameters and code that was
 * interrupted goes on.
 * @param workflow name
 * @param options data, models, horizon, discounts
 * @returns what came of it: complete, with fallbacks, or incomplete
 * @throws ConflictError when another process is at the same run
 * @throws InterruptedError when the signal was raised; the same call goes on
 */
export async function runWorkflow(workflow: WorkflowName, options: WorkflowOptions): Promise<RunReport> {
  const started = performance.now();
  new Home(options.home).prepared();
  const prepared = await prepare(workflow, options);
  const { home, dataset, catalog, models, template, deployment, local } = prepared;
  if (prepared.added.length > 0)
    options.onNotice?.(
      `${prepared.added.join(', ')} ${prepared.added.length === 1 ? 'runs' : 'run'} too: models of the quantity have to be better to be approved`,
    );
  const codeVersion = sourceVersion();
  const { jobs = jobsOfMachine(), hosts = 1, seed = 1, horizon = 26 } = options;
  const limits = options.limits === undefined ? null : await readLimits(options.limits);
  const parameters = {
    ...{ seed: String(seed), horizon: String(horizon), discounts: options.discounts ?? DEFAULT_DISCOUNTS },
    ...(options.explore === undefined ? {} : { explore: String(options.explore) }),
    ...(options.cutoffs === undefined
      ? {}
      : { cutoffs: options.cutoffs.map((cutoff) => formatWeek(weekOf(cutoff))) }),
  };
  let record: WorkflowRecord | null = null;
  const listener = new StepListener(options);
  const onBegin: LocalRunOptions['onBegin'] = async ({ run, folder, resumed }) => {
    const given = {
      ...{ ...parameters, ...(limits === null ? {} : { limits: resolve(options.limits!) }) },
      ...(options.decisions === undefined ? {} : { decisions: absolutePlace(options.decisions) }),
      ...(options.ignoreOverrides === true ? { ignoreOverrides: 'true' } : {}),
    };
    const shown = Object.entries(given).map(([name, value]) => [name, String(value)]);
    record = await WorkflowRecord.open(home, folder, {
      ...{ run, workflow, dataset, codeVersion, resumed, mlflow: options.mlflow },
      parameters: Object.fromEntries(shown),
      command: options.command ?? ['@hemline/hemline', workflow],
    });
    options.onNotice?.(resumed ? `going on with run ${run}` : `run ${run}`);
  };
  try {
    const result = await local.runLocally({
      ...{ template, stage: deployment.stage, workflow, out: home.directory, parameters, jobs, hosts },
      ...{ codeVersion, onBegin, engine: engineOf(options.engine) },
      ...(limits === null ? {} : { limits: { name: basename(options.limits!), text: limits.text } }),
      ...(options.ignoreOverrides === true
        ? {}
        : { decisions: decisionPlace(dataset.name, { home: options.home, store: options.decisions }) }),
      data: {
        directory: resolve(options.data),
        descriptor: options.descriptor ?? descriptorOf(home, dataset.name, options.data),
        fingerprint: dataset.fingerprint,
      },
      registry: await registryOf(join(home.directory, 'registry')),
      environment: jobEnvironment(catalog, jobs, codeVersion),
      ...(options.runId === undefined ? {} : { name: options.runId }),
      signal: listener.signal,
      onEvent: (event) => {
        listener.tell(event);
        record?.take(event);
      },
    });
    remember(home, dataset.name, result);
    const { name, directory, fingerprint } = dataset;
    const report = await reportOf(result, {
      ...{ workflow, catalog, models, data: { name, directory, fingerprint, lastWeek: null } },
      record: join(result.folder, RECORD_FILE),
      seconds: Math.round((performance.now() - started) / 100) / 10,
      pathOf: (uri) => pathOfUri(uri.replace(/^s3:\/\/[^/]+\//, `${home.directory}/`)),
    });
    keep(report);
    await (record as WorkflowRecord | null)?.finish(result, report);
    record = null;
    const finished = { ...report, page: await writePage(home, result.folder, options) };
    keep(finished);
    return finished;
  } catch (error) {
    if (error instanceof HemlineError && error.blame === 'interrupted') {
      await (record as WorkflowRecord | null)?.interrupted();
      record = null;
    }
    throw listener.broken ?? error;
  } finally {
    await (record as WorkflowRecord | null)?.close();
  }
}

/**
 * Checks what can be checked without data: whoever waits for data learns of a mistake before it comes.
 * @param options of a workflow
 * @throws ConfigurationError for levels of discount, a horizon or a share that are none, and for limits of prices that are wrong
 * @throws UnsupportedError for a model that is not there
 * @throws HyperparameterError for values that a model does not take: an earlier version would forecast in the place of what was meant
 */
export async function checkWorkflowOptions({
  discounts,
  horizon,
  models = [],
  hyperparameters = {},
  limits,
  explore = 0,
}: Pick<
  WorkflowOptions,
  'discounts' | 'horizon' | 'models' | 'hyperparameters' | 'limits' | 'explore'
>): Promise<void> {
  if (discounts !== undefined) parseDiscountGrid(discounts);
  if (horizon !== undefined) checkHorizon(horizon);
  if (!(explore >= 0 && explore <= 1))
    throw new ConfigurationError('prices cannot be explored so', {
      ...{ expected: 'a share of the articles from 0 to 1', found: String(explore) },
    });
  if (limits !== undefined) await readLimits(limits);
  for (const name of models) modelPackage(name);
  for (const [name, values] of Object.entries(hyperparameters))
    parseHyperparameters(await loadModel(name), values);
}

/** What is set for a model that does not run would change nothing, without a word. */
function checkSet({ hyperparameters = {} }: WorkflowOptions, models: readonly string[]): void {
  const idle = Object.keys(hyperparameters).filter((name) => !models.includes(name));
  if (idle.length === 0) return;
  throw new ConfigurationError('hyperparameters are set of a model that does not run', {
    expected: `one of ${models.join(', ')}`,
    found: idle.join(', '),
    remedy: 'Let it run, or leave its hyperparameters out.',
  });
}

/** The CDK takes a while to load: only those who need it wait. */
async function prepare(workflow: WorkflowName, options: WorkflowOptions): Promise<Prepared> {
  if (!WORKFLOW_NAMES.includes(workflow))
    throw new ConfigurationError(`there is no workflow ${String(workflow)}`, {
      expected: `one of ${WORKFLOW_NAMES.join(', ')}`,
    });
  await checkWorkflowOptions(options);
  const catalog = await modelCatalog();
  const asked = options.models ?? defaultModels(catalog);
  const dataset = await openData(options);
  // Where nothing is registered, nobody has to be better than anyone.
  const requires = (workflow === 'weekly' || workflow === 'training') && options.requirements !== false;
  const { models, added } = requires ? withBaselines(asked, catalog) : { models: asked, added: [] };
  checkSet(options, models);
  for (const name of models) checkPromotion(await loadModel(name), modelPackage(name).directory);
  const deployment = localDeployment({
    ...{ catalog, models, tables: dataset.tables.names },
    hyperparameters: options.hyperparameters ?? {},
    requirements: requires,
  });
  const [local, { synthesize }] = await Promise.all([
    import('@hemline/workflow/local'),
    import('@hemline/workflow/stack'),
  ]);
  const { template } = synthesize(deployment);
  return { home: new Home(options.home), dataset, catalog, models, added, deployment, template, local };
}

function keep(report: RunReport): void {
  writeFileSync(join(report.directory, 'run.json'), `${JSON.stringify(report, null, 2)}\n`);
}

/** The report for people. The run has ended, and well or not is not decided by its looks. */
async function writePage(home: Home, folder: string, { onNotice }: WorkflowOptions): Promise<string | null> {
  try {
    const known = (await readRun(folder))!;
    return (await reportOfRun(home, known, join(folder, REPORT_FILE))).file;
  } catch (error) {
    onNotice?.(
      `The report of the run could not be written, everything else is there: ${(error as Error).message}`,
    );
    return null;
  }
}

function engineOf(name: WorkflowOptions['engine']): ContainerEngine {
  return name === undefined || name === 'process' ? new ProcessEngine(programOf) : new ImageEngine(name);
}

/** Data that arrives in AWS says its name itself; a folder without a descriptor has that of its folder. */
function descriptorOf(home: Home, name: string, data: string): string | undefined {
  if (existsSync(join(data, 'dataset.json'))) return undefined;
  const file = join(home.directory, 'descriptors', `${encodeURIComponent(name)}.json`);
  mkdirSync(join(home.directory, 'descriptors'), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ name })}\n`);
  return file;
}

/** The versions that have forecast are what `forecast` takes by default. */
function remember(home: Home, dataset: string, { run, summary }: LocalRunResult): void {
  for (const { model, forecastBy } of summary?.models ?? [])
    if (forecastBy !== null && forecastBy.run === run)
      home.remember({
        model,
        dataset,
        run,
        directory: pathOfUri(forecastBy.artifact),
        cutoff: forecastBy.cutoff,
        data: summary?.dataset?.fingerprint ?? '',
      });
}
