import { join } from 'node:path';
import { ExecutionError, StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { InterruptedError, UnsupportedError, type ProgressEvent } from '@hemline/core';
import { handleStep, type StepRequest } from '../functions/handle.ts';
import type { StepServices } from '../functions/step-services.ts';
import type { ResolvedMachine } from '../stack/resolve-definition.ts';
import { statesOf, type AslMachine, type PlacedState } from './definition.ts';
import { type JobRunner, type JobWatcher, ExecutionStopped, TaskFailed } from '@hemline/sagemaker/run';
import type { ProcessingRequest, TrainingRequest } from '@hemline/sagemaker/requests';
import type { Journal } from './journal.ts';

/** What happens to a step, for whoever shows it. */
export type StepEvent =
  | {
      readonly kind: 'waiting' | 'started' | 'finished' | 'reused';
      readonly step: StepPlace;
      readonly seconds: number;
    }
  | { readonly kind: 'progress'; readonly step: StepPlace; readonly progress: ProgressEvent }
  | { readonly kind: 'metric'; readonly step: StepPlace; readonly name: string; readonly value: number }
  | { readonly kind: 'memory'; readonly step: StepPlace; readonly peakBytes: number }
  | { readonly kind: 'failed'; readonly step: StepPlace; readonly seconds: number; readonly reason: string }
  | { readonly kind: 'message'; readonly step: StepPlace; readonly text: string };

/** Where a step stands. */
export interface StepPlace {
  /** Workflow that it is of. */
  readonly workflow: string;
  /** Name of the state: `demand-naive: train`. */
  readonly state: string;
  /** Folder of its job; null for a small step. */
  readonly root: string | null;
}

/** What an execution works with. */
export interface ExecutorOptions {
  /** By workflow. */
  readonly machines: ReadonlyMap<string, ResolvedMachine>;
  readonly run: string;
  /** Folder of the run. */
  readonly folder: string;
  readonly runner: JobRunner;
  readonly journal: Journal;
  readonly services: StepServices;
  readonly signal: AbortSignal;
  readonly onEvent: (event: StepEvent) => void;
  /** Milliseconds before a step is tried again, or something is looked at again, in place of what the definition says for AWS. */
  readonly retryDelay: number;
  /** How another execution stands, in the words of Step Functions; by default none can be asked about. */
  readonly statusOf?: (execution: string) => Promise<string>;
}

/** How an execution ended. */
export type ExecutionEnd =
  | { readonly output: unknown; readonly error: null }
  | { readonly output: null; readonly error: { readonly name: string; readonly cause: string } };

type Handler = (input: unknown) => Promise<unknown>;

/** Executes synthesized state machines on this machine: the definition is AWS's own, only what its tasks call is not. */
export class Executor {
  readonly #options: ExecutorOptions;
  /** What tasks have called and has not ended: the library's abort does not wait for it. */
  readonly #open = new Set<Promise<unknown>>();

  /** @param options machines, and what their tasks call */
  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  /**
   * Runs a workflow to its end.
   * @param workflow name
   * @param input of the execution
   * @returns its output, or the error that it failed with
   * @throws InterruptedError when the signal stopped it
   */
  async run(workflow: string, input: unknown): Promise<ExecutionEnd> {
    const { machines, run, signal, retryDelay } = this.#options;
    const definition = machines.get(workflow)!.definition as unknown as AslMachine;
    const states = statesOf(definition);
    const tasks = states.filter(({ state }) => state.Type === 'Task');
    // The library does not hand its own abort on to what it calls: a handler that was stopped throws, whatever catches it.
    const machine = new StateMachine(definition as unknown as StateMachineDefinition, {
      validationOptions: { noValidate: true },
    });
    const execution = machine.run(input as never, {
      context: {
        Execution: {
          Id: `local:${run}/${workflow}`,
          Name: `${run}-${workflow}`,
          Input: input as never,
          StartTime: new Date().toISOString(),
        },
        StateMachine: { Id: workflow, Name: workflow },
      } as never,
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(
          tasks.map((task) => [task.name, this.#handler(workflow, task) as never]),
        ),
        waitTimeOverrides: Object.fromEntries(
          states.filter(({ state }) => state.Type === 'Wait').map(({ name }) => [name, retryDelay]),
        ),
        retryIntervalOverrides: Object.fromEntries(tasks.map(({ name }) => [name, retryDelay])),
      },
    });
    const stop = (): void => execution.abort();
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (signal.aborted) stop();
      return { output: (await execution.result) as unknown, error: null };
    } catch (error) {
      if (signal.aborted) await this.idle();
      if (signal.aborted)
        throw new InterruptedError(`${workflow} was stopped`, {
          remedy: 'Start it again to go on. Finished steps are not repeated.',
          cause: error,
        });
      if (!(error instanceof ExecutionError)) throw error;
      const cause = error.cause as (Error & { readonly cause?: unknown }) | undefined;
      return {
        output: null,
        error: { name: cause?.name ?? error.name, cause: cause?.message ?? error.message },
      };
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Waits for what was called to end, also where nobody waits for it any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#open);
  }

  /** A handler by what the task calls, not by its name. */
  #handler(workflow: string, task: PlacedState): Handler {
    const resource = task.state.Resource!.replace(/^arn:[^:]+:states:::/, '');
    switch (resource) {
      case 'sagemaker:createTrainingJob.sync':
        return this.#job(workflow, task, resource, (input, root, watch) =>
          this.#options.runner.train(input as TrainingRequest, root, watch),
        );
      case 'sagemaker:createProcessingJob.sync':
        return this.#job(workflow, task, resource, (input, root, watch) =>
          this.#options.runner.process(input as ProcessingRequest, root, watch),
        );
      case 'lambda:invoke':
        return this.#kept(workflow, task, resource, null, async (input) => ({
          Payload: await handleStep((input as { Payload: StepRequest }).Payload, this.#options.services),
        }));
      case 'sns:publish':
        return (input) => this.#publish(workflow, task, input as { Message: string });
      case 'states:startExecution.sync:2':
        return (input) => this.#nested(input as { StateMachineArn: string; Input: unknown });
      case 'aws-sdk:sfn:describeExecution':
        return (input) => this.#describe(input as { ExecutionArn: string });
      default:
        throw new UnsupportedError('a task calls what a local run cannot do', {
          expected: 'SageMaker jobs, the function of small steps, notifications, executions',
          found: `${resource} in ${task.name}`,
        });
    }
  }

  #job(
    workflow: string,
    task: PlacedState,
    resource: string,
    work: (input: unknown, root: string, watch: JobWatcher) => Promise<unknown>,
  ): Handler {
    const { folder, journal, onEvent } = this.#options;
    return async (input) => {
      const key = journal.keyOf(workflow, task.name, resource, input);
      const parts = task.name.split(': ').map((part) => part.replace(/[^\w.-]+/g, '-'));
      const root = join(folder, 'jobs', workflow, ...parts, ...(task.isRepeated ? [key.slice(0, 8)] : []));
      const step = { workflow, state: task.name, root };
      onEvent({ kind: 'waiting', step, seconds: 0 });
      return this.#kept(workflow, task, resource, root, (each, started) =>
        work(each, root, {
          started,
          progress: (progress) => onEvent({ kind: 'progress', step, progress }),
          metric: (name, value) => onEvent({ kind: 'metric', step, name, value }),
          memory: (peakBytes) => onEvent({ kind: 'memory', step, peakBytes }),
        }),
      )(input);
    };
  }

  /** Does a step unless the journal has it. */
  #kept(
    workflow: string,
    task: PlacedState,
    resource: string,
    root: string | null,
    work: (input: unknown, started: () => void) => Promise<unknown>,
  ): Handler {
    const { journal, onEvent, signal } = this.#options;
    return this.#tracked(async (input) => {
      if (signal.aborted) throw new ExecutionStopped();
      const step = { workflow, state: task.name, root };
      const key = journal.keyOf(workflow, task.name, resource, input);
      const before = await journal.find(key);
      if (before !== null) {
        onEvent({ kind: 'reused', step, seconds: before.seconds });
        return before.result;
      }
      let began = performance.now();
      const seconds = (): number => (performance.now() - began) / 1000;
      const started = (): void => {
        began = performance.now();
        onEvent({ kind: 'started', step, seconds: 0 });
      };
      if (root === null) started();
      try {
        const result = await work(input, started);
        await journal.keep(key, { state: task.name, result, seconds: seconds() });
        onEvent({ kind: 'finished', step, seconds: seconds() });
        return result;
      } catch (error) {
        if (!(error instanceof ExecutionStopped))
          onEvent({ kind: 'failed', step, seconds: seconds(), reason: reasonOf(error) });
        throw error;
      }
    });
  }

  #tracked(handler: Handler): Handler {
    return (input) => {
      const work = handler(input);
      const settled = work.then(
        () => undefined,
        () => undefined,
      );
      this.#open.add(settled);
      void settled.then(() => this.#open.delete(settled));
      return work;
    };
  }

  async #publish(workflow: string, task: PlacedState, { Message }: { Message: string }): Promise<unknown> {
    this.#options.onEvent({
      kind: 'message',
      step: { workflow, state: task.name, root: null },
      text: Message,
    });
    return { MessageId: 'local' };
  }

  /** Runs of this machine are kept apart before they begin: one that waits for another has been started by somebody else. */
  async #describe({ ExecutionArn }: { ExecutionArn: string }): Promise<unknown> {
    const { statusOf } = this.#options;
    if (statusOf !== undefined) return { Status: await statusOf(ExecutionArn) };
    throw new UnsupportedError('a run of this machine cannot wait for another', { found: ExecutionArn });
  }

  async #nested({ StateMachineArn, Input }: { StateMachineArn: string; Input: unknown }): Promise<unknown> {
    const found = [...this.#options.machines].find(([, machine]) => machine.logicalId === StateMachineArn);
    if (found === undefined)
      throw new UnsupportedError('a task starts a state machine that is not there', {
        found: StateMachineArn,
      });
    const end = await this.run(found[0], Input);
    if (end.error === null) return { Status: 'SUCCEEDED', Output: end.output };
    throw new TaskFailed({ Status: 'FAILED', Error: end.error.name, Cause: end.error.cause });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof TaskFailed)) return (error as Error).message;
  const { FailureReason, Log } = JSON.parse(error.message) as { FailureReason?: string; Log?: string };
  return `${FailureReason ?? error.message}${Log === undefined ? '' : `\nlog: ${Log}`}`;
}
