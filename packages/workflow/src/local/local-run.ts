import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { replaceFile, RunLock } from '@hemline/runs/documents';
import type { Parameters } from '../declaration/declaration.ts';
import type { Summary } from '../functions/state.ts';
import type { MetricName, StepServices } from '../functions/step-services.ts';
import type { ModelRegistry } from '@hemline/runs';
import type { Template } from '../stack/template.ts';
import { checkDefinition } from '../lint/lint-definition.ts';
import { resolveMachines, type ResolvedMachine } from '../stack/resolve-definition.ts';
import type { AslMachine } from './definition.ts';
import { type ContainerEngine, JobRunner, JobSlots, LocalBuckets } from '@hemline/sagemaker/run';
import { Executor, type ExecutionEnd, type StepEvent } from './executor.ts';
import { Journal, canonical } from './journal.ts';
import { LocalFiles } from './local-files.ts';
import { WorkLocks } from './work-locks.ts';

/** A local run of a workflow. */
export interface LocalRunOptions {
  readonly template: Template;
  readonly stage: string;
  readonly workflow: string;
  readonly data: {
    readonly directory: string;
    /** A descriptor that lies elsewhere. */
    readonly descriptor?: string;
    readonly fingerprint: string;
  };
  /** Folder that stands for the artifacts' bucket. */
  readonly out: string;
  readonly parameters: Partial<Omit<Parameters, 'limits' | 'decisions'>> & {
    readonly cutoffs?: readonly string[];
  };
  /** Store of decisions whose manual prices stand: a folder or `s3://bucket/prefix`; none by default. */
  readonly decisions?: string;
  /** Limits of prices: what the file is called, and what stands in it. */
  readonly limits?: { readonly name: string; readonly text: string };
  readonly registry: ModelRegistry;
  readonly engine: ContainerEngine;
  /** Jobs at once. */
  readonly jobs: number;
  /** Hosts of a job, at most. */
  readonly hosts: number;
  /** Of everything that runs: other code makes other steps. */
  readonly codeVersion: string;
  readonly environment: (image: string) => Readonly<Record<string, string>>;
  /** Name of a new run; by default made of the workflow and the time. */
  readonly name?: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: StepEvent) => void;
  /** The run has its name and its folder, and nothing has been done yet. */
  readonly onBegin?: (run: {
    readonly run: string;
    readonly folder: string;
    readonly resumed: boolean;
  }) => Promise<void>;
  /** Milliseconds before a job is started again; 1,000 by default. */
  readonly retryDelay?: number;
}

/** What came of it. */
export interface LocalRunResult {
  readonly run: string;
  /** Folder of the run. */
  readonly folder: string;
  /** Whether it went on with a run that had been interrupted. */
  readonly resumed: boolean;
  /** Null when the execution broke before it could tell. */
  readonly summary: Summary | null;
  readonly error: { readonly name: string; readonly cause: string } | null;
  readonly metrics: readonly { readonly name: MetricName; readonly value: number; readonly model?: string }[];
}

/** A run that has begun, under the hash of what it is of. */
interface Begun {
  readonly run: string;
  readonly ended: boolean;
}

/**
 * Runs a workflow on this machine: the synthesized definition, its jobs as processes or containers, folders in place of
 * buckets. A run of the same data, parameters and code that was interrupted goes on; finished steps are not repeated.
 * @param options what to run, on what, with what
 * @returns what came of it
 * @throws ConflictError when another process is at the same run, or at some of its work as part of another workflow
 * @throws InterruptedError when the signal stopped it
 */
export async function runLocally(options: LocalRunOptions): Promise<LocalRunResult> {
  const out = resolve(options.out);
  const machines = machinesOf(options.template, options.stage);
  for (const [name, { definition }] of machines) checkDefinition(name, definition as unknown as AslMachine);
  const decided = decisionsOf(options, out);
  const parameters = {
    ...{ ...options.parameters, ...limitsOf(options) },
    ...(decided === null ? {} : { decisions: decided.uri }),
  };
  const key = createHash('sha256')
    .update(
      canonical([
        options.workflow,
        options.data.fingerprint,
        parameters,
        options.codeVersion,
        [...machines].map(([name, { definition }]) => [name, definition]),
      ]),
    )
    .digest('hex')
    .slice(0, 32);
  const place = join(out, 'executions', key);
  const lock = await RunLock.take(place, `${options.workflow} on this data`);
  let work: WorkLocks | null = null;
  try {
    const on = [options.data.fingerprint, parameters, options.codeVersion];
    work = await WorkLocks.take(join(out, 'executions', 'work'), machines, options.workflow, on);
    const begun = readBegun(place);
    const resumed = begun !== null && !begun.ended;
    const run = resumed ? begun.run : (options.name ?? newName(options.workflow));
    const folder = join(out, 'runs', run);
    await mkdir(folder, { recursive: true });
    await writeBegun(place, { run, ended: false });
    if (resumed) await options.engine.endOrphans(join(folder, 'jobs'));
    await options.onBegin?.({ run, folder, resumed });
    if (options.limits !== undefined) await keepLimits(out, options.limits);
    const { end, metrics } = await execute({ ...options, parameters, decided }, out, run, folder, machines);
    await writeBegun(place, { run, ended: true });
    const summary = end.error === null ? (end.output as Summary) : readSummary(folder, options.workflow);
    return { run, folder, resumed, summary, error: end.error, metrics };
  } finally {
    await work?.release();
    await lock.release();
  }
}

/**
 * The state machines of a template, by workflow.
 * @param template as synthesized
 * @param stage of the deployment
 * @returns their definitions, references resolved
 */
export function machinesOf(template: Template, stage: string): Map<string, ResolvedMachine> {
  return new Map(
    [...resolveMachines(template)].map(([name, machine]) => [name.replace(`hemline-${stage}-`, ''), machine]),
  );
}

/** Named by what stands in it: other limits are another run, and nobody changes those of one that goes on. */
function limitsKey({ name, text }: NonNullable<LocalRunOptions['limits']>): string {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const { name: stem, ext } = parse(name);
  return `limits/${stem.replace(/[^\w.-]+/g, '-')}-${digest}${ext}`;
}

function limitsOf({ limits, template }: LocalRunOptions): Pick<Partial<Parameters>, 'limits'> {
  return limits === undefined
    ? {}
    : { limits: `s3://${bucketOf(template, 'Artifacts')}/${limitsKey(limits)}` };
}

function keepLimits(out: string, limits: NonNullable<LocalRunOptions['limits']>): Promise<void> {
  return replaceFile(join(out, limitsKey(limits)), limits.text);
}

/** A store of decisions as jobs are told it. */
interface DecidedAt {
  readonly uri: string;
  /** Folder that stands for its bucket; null: it is in S3, or among the artifacts. */
  readonly folder: string | null;
  readonly bucket: string;
}

/** Other stores are another run; where the artifacts lie is none of its business. */
function decisionsOf({ decisions, template }: LocalRunOptions, out: string): DecidedAt | null {
  if (decisions === undefined) return null;
  if (decisions.startsWith('s3://')) return { uri: decisions, folder: null, bucket: '' };
  const folder = resolve(decisions);
  const below = relative(out, folder);
  if (below !== '' && !below.startsWith('..') && !isAbsolute(below)) {
    const bucket = bucketOf(template, 'Artifacts');
    return { uri: `s3://${bucket}/${below.split(sep).join('/')}`, folder: null, bucket };
  }
  const bucket = `hemline-local-decisions-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
  return { uri: `s3://${bucket}/`, folder, bucket };
}

async function execute(
  options: Omit<LocalRunOptions, 'parameters' | 'decisions'> & {
    readonly parameters: Partial<Parameters>;
    readonly decided: DecidedAt | null;
  },
  out: string,
  run: string,
  folder: string,
  machines: ReadonlyMap<string, ResolvedMachine>,
): Promise<{ readonly end: ExecutionEnd; readonly metrics: LocalRunResult['metrics'] }> {
  const { data, decided, signal, onEvent, template } = options;
  const decisions = decided?.folder ?? null;
  const artifacts = bucketOf(template, 'Artifacts');
  const buckets = new LocalBuckets({
    [artifacts]: { folder: out },
    ...(decisions === null ? {} : { [decided!.bucket]: { folder: decisions } }),
    [DATA_BUCKET]: {
      folder: data.directory,
      ...(data.descriptor === undefined ? {} : { overlay: { 'dataset.json': resolve(data.descriptor) } }),
    },
  });
  const metrics: LocalRunResult['metrics'][number][] = [];
  const leftovers = new AbortController();
  const executor = new Executor({
    machines,
    run,
    folder,
    runner: new JobRunner({
      buckets,
      engine: options.engine,
      slots: new JobSlots(options.jobs),
      hosts: options.hosts,
      reaches: [
        ...[out, resolve(data.directory)],
        ...(decisions === null || !existsSync(decisions) ? [] : [decisions]),
      ],
      environment: options.environment,
      signal: AbortSignal.any([signal, leftovers.signal]),
    }),
    journal: new Journal(join(folder, 'journal'), options.codeVersion),
    services: {
      files: new LocalFiles(buckets),
      registry: withFileUris(options.registry, buckets),
      artifacts: `s3://${artifacts}/`,
      now: () => new Date(),
      metric: (name, value, dimensions) =>
        void metrics.push({
          name,
          value,
          ...(dimensions['model'] === undefined ? {} : { model: dimensions['model'] }),
        }),
    },
    signal,
    onEvent,
    retryDelay: options.retryDelay ?? 1000,
  });
  try {
    const end = await executor.run(options.workflow, {
      run,
      data: `s3://${DATA_BUCKET}/`,
      // The locks of its work see to it.
      alone: true,
      parameters: options.parameters,
    });
    return { end, metrics };
  } finally {
    // Jobs beside one that failed: in AWS they are stopped with their branch.
    leftovers.abort();
    await executor.idle();
  }
}

/** The dataset's folder as a bucket. */
const DATA_BUCKET = 'hemline-local-data';

/** The bucket's name in the definitions is its logical id. */
function bucketOf(template: Template, name: string): string {
  return Object.keys(template.Resources).find(
    (id) =>
      template.Resources[id]!.Type === 'AWS::S3::Bucket' &&
      id.includes(`Storage${name}`) &&
      !id.includes('Logs'),
  )!;
}

/** Versions outlive this process, and the names of its buckets with it: the registry keeps paths. */
function withFileUris(registry: ModelRegistry, buckets: LocalBuckets): StepServices['registry'] {
  return {
    register: (version) =>
      registry.register({ ...version, artifact: pathToFileURL(buckets.pathOf(version.artifact)).href }),
    latestApproved: (model, dataset, before) => registry.latestApproved(model, dataset, before),
    get: (model, version) => registry.get(model, version),
    setStatus: (model, version, change) => registry.setStatus(model, version, change),
  };
}

function newName(workflow: string): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace(/\..*/, '').toLowerCase();
  return `${workflow}-${stamp}-${randomBytes(3).toString('hex')}`;
}

function readBegun(place: string): Begun | null {
  const file = join(place, 'run.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Begun) : null;
}

function writeBegun(place: string, begun: Begun): Promise<void> {
  return replaceFile(join(place, 'run.json'), `${JSON.stringify(begun)}\n`);
}

function readSummary(folder: string, workflow: string): Summary | null {
  const file = join(folder, `${workflow}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Summary) : null;
}
