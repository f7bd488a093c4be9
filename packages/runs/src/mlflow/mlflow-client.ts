import { setTimeout as wait } from 'node:timers/promises';
import { StoreError } from '@hemline/core';
import type { MlflowBatch, MlflowPair } from './mlflow-batches.ts';

/** Adds what a server wants of every request: credentials, a signature. */
export type MlflowSigner = (request: {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}) => Promise<Readonly<Record<string, string>>>;

/** How a server is reached. */
export interface MlflowClientOptions {
  /** `http://host:5000`, with a path where the server has one. */
  readonly url: string;
  readonly sign: MlflowSigner;
  /** Attempts of a request that failed for a reason that may pass; 5 by default. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt, doubled before each further one; 500 by default. */
  readonly delay?: number;
  /** Milliseconds that an answer may take; 10,000 by default. */
  readonly timeout?: number;
}

/** How a run stands in MLflow. */
export type MlflowStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

/** An answer other than 2xx, or none. */
export class MlflowError extends StoreError {
  /** MLflow's own name of the problem, such as `RESOURCE_DOES_NOT_EXIST`; null when it gave none. */
  readonly errorCode: string | null;
  /** Whether the same request may be answered later. */
  readonly mayPass: boolean;

  /**
   * @param request such as `POST runs/log-batch`
   * @param found what came instead of an answer
   * @param facts code of the problem; whether it may pass
   * @param facts.errorCode MLflow's own name of it
   * @param facts.mayPass whether to try again
   */
  constructor(request: string, found: string, facts: { errorCode: string | null; mayPass: boolean }) {
    super(`MLflow refused ${request}`, { found });
    this.errorCode = facts.errorCode;
    this.mayPass = facts.mayPass;
  }
}

/** The part of MLflow's REST interface, version 2.0, that mirroring a run needs (mlflow.org/docs/latest/rest-api.html). */
export class MlflowClient {
  readonly #options: Required<MlflowClientOptions>;

  /** @param options how the server is reached */
  constructor(options: MlflowClientOptions) {
    this.#options = { attempts: 5, delay: 500, timeout: 10_000, ...options };
  }

  /**
   * @param name of an experiment, which is made where there is none
   * @returns its id
   */
  async experiment(name: string): Promise<string> {
    for (let attempt = 0; ; attempt++) {
      try {
        const query = `experiment_name=${encodeURIComponent(name)}`;
        const { experiment } = (await this.#ask('GET', `experiments/get-by-name?${query}`)) as {
          experiment: { experiment_id: string };
        };
        return experiment.experiment_id;
      } catch (error) {
        if (!isProblem(error, 'RESOURCE_DOES_NOT_EXIST')) throw error;
      }
      try {
        const made = (await this.#ask('POST', 'experiments/create', { name })) as { experiment_id: string };
        return made.experiment_id;
      } catch (error) {
        // Another run was first: then it is there now.
        if (attempt > 0 || !isProblem(error, 'RESOURCE_ALREADY_EXISTS')) throw error;
      }
    }
  }

  /**
   * @param run experiment, name, start and tags
   * @returns id of the new run
   */
  async createRun(run: {
    readonly experiment_id: string;
    readonly run_name: string;
    readonly start_time: number;
    readonly tags: readonly MlflowPair[];
  }): Promise<string> {
    const made = (await this.#ask('POST', 'runs/create', run)) as { run: { info: { run_id: string } } };
    return made.run.info.run_id;
  }

  /**
   * @param runId of a run
   * @returns its parameters by key; null when there is no such run
   */
  async paramsOf(runId: string): Promise<Map<string, string> | null> {
    try {
      const { run } = (await this.#ask('GET', `runs/get?run_id=${encodeURIComponent(runId)}`)) as {
        run: { data?: { params?: readonly MlflowPair[] } };
      };
      return new Map(run.data?.params?.map(({ key, value }) => [key, value]));
    } catch (error) {
      if (isProblem(error, 'RESOURCE_DOES_NOT_EXIST')) return null;
      throw error;
    }
  }

  /**
   * @param runId of a run
   * @param batch within the limits of a request
   */
  async logBatch(runId: string, batch: MlflowBatch): Promise<void> {
    await this.#ask('POST', 'runs/log-batch', { run_id: runId, ...batch });
  }

  /**
   * @param runId of a run
   * @param status new
   * @param endTime milliseconds since 1970-01-01; null while it runs
   */
  async update(runId: string, status: MlflowStatus, endTime: number | null): Promise<void> {
    const end = endTime === null ? {} : { end_time: endTime };
    await this.#ask('POST', 'runs/update', { run_id: runId, status, ...end });
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const { attempts, delay } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#askOnce(method, path, body === undefined ? '' : JSON.stringify(body));
      } catch (error) {
        if (!(error instanceof MlflowError) || !error.mayPass || attempt >= attempts) throw error;
        // Many runs may wait for the same server.
        await wait(delay * 2 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  }

  async #askOnce(method: string, path: string, body: string): Promise<unknown> {
    const { url, sign, timeout } = this.#options;
    const request = `${method} ${path.replace(/\?.*/, '')}`;
    const target = new URL(`${url.replace(/\/+$/, '')}/api/2.0/mlflow/${path}`);
    const headers = {
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
      ...(await sign({ method, url: target, body })),
    };
    let status: number;
    let text: string;
    try {
      const answer = await fetch(target, {
        method,
        headers,
        ...(body === '' ? {} : { body }),
        signal: AbortSignal.timeout(timeout),
      });
      status = answer.status;
      text = await answer.text();
    } catch (error) {
      const { message, cause } = error as Error & { cause?: Error };
      throw new MlflowError(request, cause?.message ?? message, { errorCode: null, mayPass: true });
    }
    if (status >= 200 && status < 300) return text === '' ? {} : (JSON.parse(text) as unknown);
    const problem = problemOf(text);
    throw new MlflowError(request, `${status} ${problem.message}`, {
      errorCode: problem.code,
      mayPass: status === 408 || status === 429 || status >= 500,
    });
  }
}

function isProblem(error: unknown, code: string): boolean {
  return error instanceof MlflowError && error.errorCode === code;
}

function problemOf(text: string): { code: string | null; message: string } {
  try {
    const { error_code: code, message } = JSON.parse(text) as { error_code?: string; message?: string };
    return { code: code ?? null, message: [code, message].filter((part) => part !== undefined).join(': ') };
  } catch {
    // A proxy's page.
    return { code: null, message: text.replace(/\s+/g, ' ').slice(0, 200) };
  }
}
