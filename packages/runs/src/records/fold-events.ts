import { DataError } from '@hemline/core';
import { addProblem } from './problems.ts';
import { RUN_SCHEMA, type PriceTable, type RunEvent } from './run-event.ts';
import type { RunRecord, StepRecord } from './run-record.ts';

/** A step while its events are read. */
interface StepInProgress extends StepRecord {
  /** Start of the attempt that runs. */
  attemptAt: string | null;
}

/** A record in the making: the same events always give the same record. */
export class RecordBuilder {
  readonly #steps = new Map<string, StepInProgress>();
  readonly #unpriced = new Set<string>();
  #record: RunRecord | null = null;
  #prices: PriceTable | null = null;

  /**
   * Takes the next event.
   * @param event in the order of the log
   * @throws DataError when the run was not opened first
   */
  add(event: RunEvent): void {
    if (event.type === 'opened') this.#open(event);
    const record = this.#record;
    if (record === null)
      throw new DataError('the events of a run do not begin with its opening', { found: event.type });
    record.events++;
    switch (event.type) {
      case 'opened':
        break;
      case 'resumed':
        this.#resume(record, event);
        break;
      case 'parameters':
        Object.assign(record.parameters, event.parameters);
        break;
      case 'input':
        put(record.inputs, event.input, ({ name }) => name === event.input.name);
        break;
      case 'image':
        put(record.images, event.image, ({ name }) => name === event.image.name);
        break;
      case 'metrics':
        for (const metric of event.metrics)
          put(record.metrics, metric, ({ step, name }) => step === metric.step && name === metric.name);
        break;
      case 'version': {
        const { version } = event;
        put(
          record.versions,
          version,
          ({ step, model, role }) =>
            step === version.step && model === version.model && role === version.role,
        );
        break;
      }
      case 'output':
        put(
          record.outputs,
          event.output,
          ({ step, name }) => step === event.output.step && name === event.output.name,
        );
        break;
      case 'problem':
        addProblem(record.problems, { at: event.at, step: event.step, message: event.message });
        break;
      case 'finished':
        record.state = event.outcome;
        record.endedAt = event.at;
        record.seconds = secondsBetween(record.startedAt, event.at);
        break;
      default:
        this.#step(record, event);
    }
  }

  /**
   * @param step its name
   * @returns attempts that have begun
   */
  attemptsOf(step: string): number {
    return this.#steps.get(step)?.attempts ?? 0;
  }

  /**
   * @returns the record as of the last event; null before the first
   */
  build(): RunRecord | null {
    if (this.#record === null) return null;
    const steps = [...this.#steps.values()].map(({ attemptAt: _, ...step }) => step);
    const amount = steps.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
    const cost =
      this.#prices === null
        ? null
        : { currency: this.#prices.currency, amount, unpriced: [...this.#unpriced].sort() };
    return structuredClone({ ...this.#record, steps, cost });
  }

  #open(event: Extract<RunEvent, { type: 'opened' }>): void {
    if (this.#record !== null) throw new DataError('a run was opened twice', { found: event.run });
    const { run, kind, command, parameters, code, process, prices } = event;
    this.#prices = prices;
    this.#record = {
      schema: RUN_SCHEMA,
      ...{ run, kind, state: 'running', startedAt: event.at, endedAt: null, seconds: null, resumed: 0 },
      ...{ command, parameters: { ...parameters }, code, process },
      ...{ images: [], inputs: [], steps: [], metrics: [], versions: [], outputs: [], problems: [] },
      ...{ cost: null, events: 0 },
    };
  }

  #resume(record: RunRecord, { code, process }: Extract<RunEvent, { type: 'resumed' }>): void {
    Object.assign(record, { code, process, state: 'running', endedAt: null, seconds: null });
    record.resumed++;
    for (const step of this.#steps.values()) {
      // It may turn out that its job went on meanwhile, and ended well: the attempt keeps its start.
      if (step.state === 'running') step.state = 'crashed';
    }
  }

  #step(record: RunRecord, event: Extract<RunEvent, { step: string }> & { type: `step ${string}` }): void {
    const step = this.#steps.get(event.step) ?? newStep(event.step);
    this.#steps.set(event.step, step);
    switch (event.type) {
      case 'step started':
        step.state = 'running';
        step.attempts++;
        step.startedAt ??= event.at;
        step.endedAt = null;
        step.attemptAt = event.at;
        step.instanceType = event.instanceType;
        step.instances = event.instances;
        return;
      case 'step finished':
        step.state = 'finished';
        this.#endAttempt(step, event.at, event.billableSeconds);
        return;
      case 'step memory':
        step.peakMemoryBytes = Math.max(step.peakMemoryBytes ?? 0, event.peakBytes);
        return;
      case 'step skipped':
        step.state = 'skipped';
        step.reason = event.reason;
        return;
      case 'step failed':
      case 'step retried':
        step.state = 'failed';
        step.error = event.error;
        this.#endAttempt(step, event.at, null);
        if (event.type === 'step failed')
          addProblem(record.problems, { at: event.at, step: step.step, message: event.error.message });
        return;
      case 'step fell back':
        if (step.attemptAt !== null) this.#endAttempt(step, event.at, null);
        step.state = 'fell back';
        step.fellBackTo = event.to;
        step.reason = event.reason;
        addProblem(record.problems, {
          at: event.at,
          step: step.step,
          message: `${event.to} stands in: ${event.reason}`,
        });
        return;
    }
  }

  #endAttempt(step: StepInProgress, at: string, billable: number | null): void {
    step.endedAt = at;
    if (step.attemptAt === null) return;
    const seconds = secondsBetween(step.attemptAt, at);
    step.attemptAt = null;
    step.seconds = (step.seconds ?? 0) + seconds;
    if (this.#prices === null || step.instanceType === null) return;
    const price = this.#prices.perHour[step.instanceType];
    if (price === undefined) this.#unpriced.add(step.instanceType);
    else step.cost = (step.cost ?? 0) + ((billable ?? seconds) / 3600) * (step.instances ?? 1) * price;
  }
}

function newStep(step: string): StepInProgress {
  return {
    ...{ step, state: 'running', attempts: 0, startedAt: null, endedAt: null, seconds: null },
    ...{
      instanceType: null,
      instances: null,
      peakMemoryBytes: null,
      cost: null,
      error: null,
      fellBackTo: null,
      reason: null,
    },
    attemptAt: null,
  };
}

/** What is told again, after a resumption, takes the place of what was told before. */
function put<T>(list: T[], item: T, isSame: (other: T) => boolean): void {
  const at = list.findIndex(isSame);
  if (at === -1) list.push(item);
  else list[at] = item;
}

function secondsBetween(start: string, end: string): number {
  // Clocks are set back now and then.
  return Math.max(0, (Date.parse(end) - Date.parse(start)) / 1000);
}
