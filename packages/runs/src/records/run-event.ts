import { z } from 'zod';

/** Version of events and record. A reader refuses what is newer. */
export const RUN_SCHEMA = 1;

const text = z.string().min(1);
const count = z.number().int().nonnegative();

/** The process that wrote events: enough to tell later whether it is still there. */
export const processSchema = z.object({
  host: text,
  pid: count,
  /** When the kernel started it, in its ticks: a number that was given to another process is told apart; null elsewhere. */
  started: z.string().nullable(),
  node: text,
});

/** Which code ran. */
export const codeSchema = z.object({
  version: text,
  /** Of the workspace; null where there is no repository. */
  commit: z.string().nullable(),
  /** Whether files differ from the commit. */
  dirty: z.boolean().nullable(),
});

/** What an hour of an instance costs. */
export const priceTableSchema = z.strictObject({
  currency: text,
  /** By instance type; `local` is this machine. */
  perHour: z.record(z.string(), z.number().nonnegative()),
});

/** What a step failed of. */
export const stepErrorSchema = z.object({
  name: text,
  /** Stable code of a HemlineError; null of any other. */
  code: z.string().nullable(),
  message: z.string(),
  /** Path or URL of the step's log. */
  log: z.string().nullable(),
});

/** What went in. */
export const runInputSchema = z.object({
  name: text,
  url: text,
  /** Changes when the content does; null where nobody has looked. */
  fingerprint: text.nullable(),
  rows: count.nullable(),
  bytes: count.nullable(),
});

/** What came out. */
export const runOutputSchema = z.object({
  step: z.string().nullable(),
  name: text,
  url: text,
  fingerprint: z.string().nullable(),
  files: count.nullable(),
  rows: count.nullable(),
  bytes: count.nullable(),
});

/** A container image that a step ran. */
export const runImageSchema = z.object({ name: text, uri: text, digest: z.string().nullable() });

/** A number that a step measured. JSON and DuckDB have no NaN: then `value` is null and `notFinite` says what it was. */
export const runMetricSchema = z.object({
  step: z.string().nullable(),
  name: text,
  value: z.number().nullable(),
  notFinite: z.enum(['NaN', 'Infinity', '-Infinity']).nullable(),
});

/** A trained model that had a part in the run. */
export const runVersionSchema = z.object({
  step: z.string().nullable(),
  model: text,
  /** Number in the registry; null when it was not registered. */
  version: count.nullable(),
  role: z.enum(['trained', 'forecast', 'scored', 'baseline']),
  artifact: text,
  /** Run that trained it. */
  trainedBy: z.string().nullable(),
  status: z.enum(['approved', 'pending', 'rejected']).nullable(),
  reason: z.string().nullable(),
});

/** How a run can end. `degraded`: all forecasts are there, an earlier version gave some of them, or something else is amiss. */
export const OUTCOMES = ['succeeded', 'degraded', 'failed', 'interrupted'] as const;

const step = { step: text };

const bodies = [
  z.object({
    type: z.literal('opened'),
    run: text,
    kind: text,
    command: z.array(z.string()),
    parameters: z.record(z.string(), z.string()),
    code: codeSchema,
    process: processSchema,
    prices: priceTableSchema.nullable(),
  }),
  z.object({ type: z.literal('resumed'), code: codeSchema, process: processSchema }),
  z.object({ type: z.literal('parameters'), parameters: z.record(z.string(), z.string()) }),
  z.object({ type: z.literal('input'), input: runInputSchema }),
  z.object({ type: z.literal('image'), image: runImageSchema }),
  z.object({
    type: z.literal('step started'),
    ...step,
    instanceType: text,
    instances: z.number().int().positive(),
  }),
  z.object({
    type: z.literal('step finished'),
    ...step,
    billableSeconds: z.number().nonnegative().nullable(),
  }),
  /** Most memory that a process of the step has had, told once an attempt has ended. */
  z.object({ type: z.literal('step memory'), ...step, peakBytes: count }),
  z.object({ type: z.literal('step skipped'), ...step, reason: text }),
  z.object({ type: z.literal('step failed'), ...step, error: stepErrorSchema }),
  z.object({ type: z.literal('step retried'), ...step, error: stepErrorSchema }),
  z.object({ type: z.literal('step fell back'), ...step, to: text, reason: text }),
  z.object({ type: z.literal('metrics'), metrics: z.array(runMetricSchema) }),
  z.object({ type: z.literal('version'), version: runVersionSchema }),
  z.object({ type: z.literal('output'), output: runOutputSchema }),
  z.object({ type: z.literal('problem'), step: z.string().nullable(), message: text }),
  z.object({ type: z.literal('finished'), outcome: z.enum(OUTCOMES) }),
] as const;

const head = { schema: z.literal(RUN_SCHEMA), at: z.iso.datetime() };

/** A line of `events.jsonl`. */
export const runEventSchema = z.intersection(z.object(head), z.discriminatedUnion('type', bodies));

/** Something that happened in a run. */
export type RunEvent = z.output<typeof runEventSchema>;
/** The same without version and time, which the log adds. */
export type RunEventBody = z.output<(typeof bodies)[number]>;
/** Process that writes. */
export type RunProcess = z.output<typeof processSchema>;
/** Which code ran. */
export type RunCode = z.output<typeof codeSchema>;
/** What an hour of an instance costs. */
export type PriceTable = z.output<typeof priceTableSchema>;
/** What went in. */
export type RunInput = z.output<typeof runInputSchema>;
/** What came out. */
export type RunOutput = z.output<typeof runOutputSchema>;
/** A container image. */
export type RunImage = z.output<typeof runImageSchema>;
/** A number that a step measured. */
export type RunMetric = z.output<typeof runMetricSchema>;
/** A trained model that had a part in the run. */
export type RunVersion = z.output<typeof runVersionSchema>;
/** What a step failed of. */
export type StepError = z.output<typeof stepErrorSchema>;
/** How a run ended. */
export type Outcome = (typeof OUTCOMES)[number];
