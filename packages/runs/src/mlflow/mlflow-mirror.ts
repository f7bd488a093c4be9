import { basename, join } from 'node:path';
import { z } from 'zod';
import { HemlineError } from '@hemline/core';
import { readDocument } from '../documents/read-document.ts';
import { replaceFile } from '../documents/durable-file.ts';
import type { Measurement } from '../records/measurement.ts';
import type { Outcome, RunEvent, RunMetric } from '../records/run-event.ts';
import type { RunMirror } from '../records/run-mirror.ts';
import { addProblem, type Problem } from '../records/problems.ts';
import { batchesOf, type MlflowMetric, type MlflowPair } from './mlflow-batches.ts';
import { MlflowError, type MlflowClient, type MlflowStatus } from './mlflow-client.ts';
import { cutText, mlflowKey } from './mlflow-names.ts';

/** Name of the file that says which run of MLflow mirrors a run. */
const MLFLOW_FILE = 'mlflow.json';

const placeSchema = z.object({
  schema: z.literal(1),
  url: z.string(),
  experiment: z.string(),
  run: z.string(),
});

/** Where a run is mirrored. */
export interface MlflowMirrorOptions {
  readonly client: MlflowClient;
  /** Of the server, for messages and `mlflow.json`. */
  readonly url: string;
  /** Name of the experiment. */
  readonly experiment: string;
  /** Folder of the run. */
  readonly directory: string;
  /** Milliseconds between two sendings; 5,000 by default. */
  readonly interval?: number;
  /** Milliseconds that the end of the run may wait for the server; 60,000 by default. */
  readonly patience?: number;
}

/** Longest values that MLflow takes. */
const LONGEST = { param: 6000, tag: 5000 };
/** Metrics that are kept while the server does not answer. */
const MOST_WAITING = 100_000;

const STATUS: Readonly<Record<Outcome, MlflowStatus>> = {
  succeeded: 'FINISHED',
  degraded: 'FINISHED',
  failed: 'FAILED',
  interrupted: 'KILLED',
};

/**
 * Shows a run in MLflow while it goes on: parameters, metrics over time, seconds and memory of steps as metrics, everything else as
 * tags, problems as the run's note. It sends in the background; a server that does not answer is asked again, and costs the run
 * nothing but the mirror.
 */
export class MlflowMirror implements RunMirror {
  readonly #options: Required<MlflowMirrorOptions>;
  #metrics: MlflowMetric[] = [];
  #params = new Map<string, string>();
  #tags = new Map<string, string>();
  readonly #problems: Problem[] = [];
  #startedAt = Date.now();
  #name: string;
  #isBegun = false;
  /** Start of the attempt that runs, by step. */
  readonly #began = new Map<string, number>();
  #runId: string | null = null;
  /** Parameters that MLflow has: it refuses to change them. */
  #known = new Map<string, string>();
  #dropped = 0;
  /** What the server refused for good. */
  #refusal: string | null = null;
  #sending: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  /** @param options where the run is mirrored */
  constructor(options: MlflowMirrorOptions) {
    this.#options = { interval: 5_000, patience: 60_000, ...options };
    this.#name = decodeURIComponent(basename(options.directory));
    // Before the first event there is nothing to show, and the start is not known.
    this.#timer = setInterval(() => this.#isBegun && void this.#send(), this.#options.interval).unref();
  }

  take(event: RunEvent): void {
    const at = Date.parse(event.at);
    this.#isBegun = true;
    switch (event.type) {
      case 'opened':
        this.#name = event.run;
        this.#startedAt = at;
        this.#setParams(event.parameters);
        this.#tag('hemline.run', event.run);
        this.#tag('hemline.kind', event.kind);
        this.#tag('mlflow.source.name', event.command.join(' ') || 'hemline');
        this.#tag('hemline.code.version', event.code.version);
        if (event.code.commit !== null) this.#tag('mlflow.source.git.commit', event.code.commit);
        return;
      case 'resumed':
        return this.#tag('hemline.resumed_at', event.at);
      case 'parameters':
        return this.#setParams(event.parameters);
      case 'input': {
        const { name, url, fingerprint } = event.input;
        return this.#tag(`hemline.input.${name}`, `${url} ${fingerprint ?? ''}`.trim());
      }
      case 'image':
        return this.#tag(`hemline.image.${event.image.name}`, event.image.digest ?? event.image.uri);
      case 'metrics':
        for (const metric of event.metrics) this.#metric(metric, at, 0);
        return;
      case 'version': {
        const { role, model, version, artifact, status } = event.version;
        const number = version === null ? '' : ` version ${version}`;
        return this.#tag(
          `hemline.${role}.${model}`,
          `${artifact}${number}${status === null ? '' : ` ${status}`}`,
        );
      }
      case 'output':
        return this.#tag(`hemline.output.${event.output.name}`, event.output.url);
      case 'problem':
        return this.#problem(event.step, event.message);
      case 'finished':
        return;
      default:
        this.#step(event, at);
    }
  }

  measured({ at, step, name, position, value, notFinite }: Measurement): void {
    this.#metric({ step, name, value, notFinite }, Date.parse(at), position);
  }

  async end(outcome: Outcome | null): Promise<string | null> {
    clearInterval(this.#timer);
    const { url, patience } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Error>((resolve) => {
      timer = setTimeout(() => resolve(new Error(`no answer within ${patience / 1000} s`)), patience);
    });
    const failure = await Promise.race([this.#finish(outcome), late]).finally(() => clearTimeout(timer));
    if (failure === null && this.#dropped === 0) return null;
    const why = failure?.message ?? `it did not answer for long, and ${this.#dropped} metrics were dropped`;
    return `MLflow at ${url} lacks a part of this run: ${why}. The record here is whole; only the mirror is not.`;
  }

  async #finish(outcome: Outcome | null): Promise<Error | null> {
    if (outcome !== null) this.#tag('hemline.state', outcome);
    await this.#send();
    try {
      if (this.#refusal !== null) throw new Error(this.#refusal);
      // What the last sending could not send is tried once more, now with its error.
      await this.#flush();
      if (outcome !== null) await this.#options.client.update(this.#runId!, STATUS[outcome], Date.now());
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  #step(event: Extract<RunEvent, { step: string }> & { type: `step ${string}` }, at: number): void {
    const { step } = event;
    const metric = (name: string, value: number): void =>
      this.#metric({ step, name, value, notFinite: null }, at, 0);
    switch (event.type) {
      case 'step started':
        this.#began.set(step, at);
        return this.#tag(`hemline.step.${step}`, 'running');
      case 'step memory':
        return metric('peakMemoryBytes', event.peakBytes);
      case 'step finished':
        metric('seconds', (at - (this.#began.get(step) ?? at)) / 1000);
        return this.#tag(`hemline.step.${step}`, 'finished');
      case 'step skipped':
        return this.#tag(`hemline.step.${step}`, `skipped: ${event.reason}`);
      case 'step retried':
        return this.#tag(`hemline.step.${step}`, `tried again: ${event.error.message}`);
      case 'step failed':
        this.#problem(step, event.error.message);
        return this.#tag(`hemline.step.${step}`, `failed: ${event.error.message}`);
      case 'step fell back':
        this.#problem(step, `${event.to} stands in: ${event.reason}`);
        return this.#tag(`hemline.step.${step}`, `${event.to} stands in: ${event.reason}`);
    }
  }

  #setParams(parameters: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(parameters))
      this.#params.set(mlflowKey(name), cutText(value, LONGEST.param));
  }

  #tag(name: string, value: string): void {
    this.#tags.set(mlflowKey(name), cutText(value, LONGEST.tag));
  }

  #problem(step: string | null, message: string): void {
    addProblem(this.#problems, { step, message });
    const lines = this.#problems.map(
      (each) => `- ${each.step === null ? '' : `${each.step}: `}${each.message}`,
    );
    this.#tag('mlflow.note.content', lines.join('\n'));
  }

  #metric({ step, name, value, notFinite }: RunMetric, timestamp: number, position: number): void {
    if (this.#refusal !== null || this.#metrics.length >= MOST_WAITING) {
      this.#dropped++;
      return;
    }
    this.#metrics.push({
      key: mlflowKey(step === null ? name : `${step}/${name}`),
      value: value ?? notFinite!,
      timestamp,
      step: position,
    });
  }

  /** Sends what there is, one sending after the other. What fails for a reason that may pass stays for the next. */
  #send(): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      if (this.#refusal !== null) return;
      try {
        await this.#flush();
      } catch (error) {
        const mayPass = error instanceof MlflowError && error.mayPass;
        if (!mayPass) this.#refusal = error instanceof HemlineError ? error.message : String(error);
      }
    });
    return this.#sending;
  }

  async #flush(): Promise<void> {
    const { client } = this.#options;
    const runId = (this.#runId ??= await this.#open());
    for (const [key, value] of this.#params) {
      const before = this.#known.get(key);
      if (before === undefined || before === value) continue;
      this.#params.delete(key);
      this.#tag(`hemline.parameter.${key}`, value);
    }
    const pairs = (map: ReadonlyMap<string, string>): MlflowPair[] =>
      [...map].map(([key, value]) => ({ key, value }));
    const all = { metrics: this.#metrics, params: pairs(this.#params), tags: pairs(this.#tags) };
    for (const batch of batchesOf(all)) {
      await client.logBatch(runId, batch);
      // Only what was sent goes: more may have come meanwhile.
      const sent = new Set(batch.metrics);
      if (sent.size > 0) this.#metrics = this.#metrics.filter((metric) => !sent.has(metric));
      for (const { key, value } of batch.params) {
        this.#known.set(key, value);
        if (this.#params.get(key) === value) this.#params.delete(key);
      }
      for (const { key, value } of batch.tags) if (this.#tags.get(key) === value) this.#tags.delete(key);
    }
  }

  /** The run that a run which is resumed has in MLflow already, else a new one. */
  async #open(): Promise<string> {
    const { client, url, experiment, directory } = this.#options;
    const file = join(directory, MLFLOW_FILE);
    const before = await readDocument(file, placeSchema, 1);
    if (before !== null && before.url === url) {
      const known = await client.paramsOf(before.run);
      if (known !== null) {
        this.#known = known;
        await client.update(before.run, 'RUNNING', null);
        return before.run;
      }
    }
    const experimentId = await client.experiment(experiment);
    const run = await client.createRun({
      experiment_id: experimentId,
      run_name: this.#name,
      start_time: this.#startedAt,
      tags: [{ key: 'mlflow.runName', value: this.#name }],
    });
    await replaceFile(file, `${JSON.stringify({ schema: 1, url, experiment, run })}\n`);
    return run;
  }
}
