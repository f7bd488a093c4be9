import { createHash } from 'node:crypto';
import { ConfigurationError } from '@hemline/core';
import type { Alerts, Parameters } from '../declaration/declaration.ts';
import { readDurations } from './durations.ts';
import { newestDelivery, type Delivery } from './newest-delivery.ts';
import { takeWork, type Turn, type Worker } from './same-work.ts';
import type { RunState } from './state.ts';
import type { StepServices } from './step-services.ts';

/** What the first step of an execution is given. */
export interface BeginRequest {
  readonly workflow: string;
  /** The execution's own name: the owner of what it claims. */
  readonly execution: string;
  /** An input that says what to do, the event of an object that has arrived, or where the newest delivery is to be looked for. */
  readonly input: Partial<RunState> &
    Partial<ArrivalEvent> &
    Partial<ClockEvent> &
    Pick<Partial<Begun>, 'waitsFor'>;
  readonly defaults: Parameters;
  readonly alerts: Alerts;
  /** Whether its work is its own, and not that of the workflows that it starts. */
  readonly works: boolean;
}

/** What an execution begins with. */
export interface Begun extends RunState {
  /** Whether there is something for it to do. */
  readonly claimed: boolean;
  /** The execution that is at the same work: it is waited for. */
  readonly waitsFor?: Worker;
}

/** EventBridge's event of an object created in S3, as far as it is read. */
export interface ArrivalEvent {
  readonly detail: {
    readonly bucket: { readonly name: string };
    readonly object: { readonly key: string; readonly etag?: string; readonly 'version-id'?: string };
  };
}

/** What the clock starts a workflow with. */
export interface ClockEvent {
  /** URIs of folders below which data is delivered. */
  readonly newestOf: readonly string[];
}

/**
 * Names an execution, completes its input, and claims what it is about: EventBridge delivers at least once, and two
 * deliveries of one arrival must give one run. Nor do two executions do the same work at the same time.
 * @param request of the state machine
 * @param services of the place
 * @returns the state that all later steps read; with `claimed` false when another execution has it
 */
export async function begin(request: BeginRequest, services: StepServices): Promise<Begun> {
  const { workflow, execution, input, defaults, alerts } = request;
  const startedAt = input.startedAt ?? services.now().toISOString();
  const delivery =
    input.newestOf === undefined || input.data !== undefined
      ? null
      : await newestDelivery(input.newestOf, services);
  const data = delivery?.folder ?? dataUri(input);
  const run = input.run ?? runName(workflow, startedAt, execution);
  const claimed = input.nested === true || (await claim(request, run, delivery, services));
  const parameters = { ...defaults, ...input.parameters };
  const alone = input.alone ?? false;
  const turn: Turn =
    claimed && request.works && !alone
      ? await takeWork(
          { execution, run, workflow, data, parameters, over: input.waitsFor?.execution ?? null },
          services,
        )
      : { kind: 'ours', after: null };
  const isOurs = claimed && turn.kind === 'ours';
  const deadlineAt =
    input.deadlineAt ?? new Date(Date.parse(startedAt) + alerts.deadlineHours * 3_600_000).toISOString();
  return {
    run,
    workflow,
    data,
    parameters,
    startedAt,
    deadlineAt,
    begunAt: services.now().toISOString(),
    chain: input.chain ?? null,
    nested: input.nested ?? false,
    facts: input.facts ?? null,
    training: input.training ?? null,
    tries: { check: { count: 0 } },
    alone,
    after: turn.kind === 'ours' ? turn.after : null,
    late: isOurs
      ? await lateness(
          (input.chain ?? null) === null ? workflow : `${input.chain}/${workflow}`,
          deadlineAt,
          services,
        )
      : null,
    claimed: isOurs,
    ...(turn.kind === 'another' ? { waitsFor: turn.worker } : {}),
  };
}

/** A key prefix of S3 without a slash at its end also matches its neighbours. */
function dataUri({ data, detail }: BeginRequest['input']): string {
  if (detail !== undefined) {
    const folder = detail.object.key.slice(0, detail.object.key.lastIndexOf('/') + 1);
    // Keys come percent-encoded neither here nor in S3's own list: only from S3's older notifications.
    return `s3://${detail.bucket.name}/${folder}`;
  }
  if (data === undefined || !/^s3:\/\/[^/]+\//.test(data))
    throw new ConfigurationError('the execution does not say which data', {
      expected:
        'data: s3://bucket/prefix/, newestOf: a list of such, or the event of an object created in S3',
      found: data ?? 'none of them',
      remedy: 'Start it with {"data": "s3://bucket/prefix/"}.',
    });
  return data.endsWith('/') ? data : `${data}/`;
}

/** Sorts by time; the digest tells executions of the same second apart, and is the same for every attempt of one. */
function runName(workflow: string, startedAt: string, execution: string): string {
  const stamp = startedAt.replace(/[-:]/g, '').replace(/\..*/, '').toLowerCase();
  return `${workflow}-${stamp}-${createHash('sha256').update(execution).digest('hex').slice(0, 8)}`;
}

async function claim(
  { workflow, execution, input }: BeginRequest,
  run: string,
  delivery: Delivery | null,
  { files, artifacts, now }: StepServices,
): Promise<boolean> {
  const { detail } = input;
  const what =
    detail === undefined
      ? (delivery ?? { run })
      : {
          bucket: detail.bucket.name,
          key: detail.object.key,
          content: detail.object['version-id'] ?? detail.object.etag ?? '',
        };
  const digest = createHash('sha256')
    .update(JSON.stringify({ workflow, ...what }))
    .digest('hex');
  const uri = `${artifacts}claims/${digest}.json`;
  const text = JSON.stringify({ execution, run, workflow, ...what, claimedAt: now().toISOString() });
  if (await files.writeIfAbsent(uri, text)) return true;
  // A second attempt of the same execution finds its own claim.
  const owner = JSON.parse((await files.read(uri)) ?? '{}') as { execution?: string };
  return owner.execution === execution;
}

/** Says early that a run will probably miss its deadline, by how long the last ones took. */
async function lateness(
  workflow: string,
  deadlineAt: string,
  services: StepServices,
): Promise<string | null> {
  const durations = await readDurations(services);
  const ahead = durations[workflow]?.seconds ?? 0;
  const end = services.now().getTime() + ahead * 1000;
  if (end <= Date.parse(deadlineAt)) return null;
  services.metric('DeadlineAtRisk', 1, { workflow });
  return `${workflow} will probably end at ${new Date(end).toISOString()}, after the deadline ${deadlineAt}: the last run took ${Math.round(ahead)} s from here on`;
}
