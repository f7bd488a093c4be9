import { parentPort, workerData, isMainThread, type MessagePort } from 'node:worker_threads';
import { packError, type AnyModel } from '@hemline/core';
import { OutputCommit } from '@hemline/stores';
import { readProcessingContext } from '@hemline/sagemaker';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import { openFeatures } from '../features-job.ts';
import { forecastJob, openModel } from '../forecast-job.ts';
import { parseProcessingArguments } from '../processing-arguments.ts';
import { openData } from '../processing-job.ts';
import { withDataset } from '../scattered-data.ts';
import { commitHost } from './partition-job.ts';
import { PartitionWorker } from './partition-worker.ts';
import {
  THREAD_KIND,
  type PartitionTask,
  type ThreadData,
  type ThreadOrder,
  type ThreadReport,
} from './thread-messages.ts';

/** A thread says nothing by itself: what there is to tell goes to the main thread as reports. */
const nothing = (): void => {};
const SILENT: Telemetry = {
  info: nothing,
  warn: nothing,
  error: nothing,
  progress: nothing,
  metric: nothing,
  close: nothing,
};

/**
 * What this thread was started with.
 * @returns its data, or null when it is no thread of a processing job
 */
export function threadData(): ThreadData | null {
  if (isMainThread) return null;
  const data = workerData as Partial<ThreadData> | null;
  return data?.kind === THREAD_KIND ? (data as ThreadData) : null;
}

/**
 * A thread of a processing job: opens model and data by itself, then makes the partitions that it is given until it
 * is told to end.
 * @param model whose job it is
 * @param data what the thread was started with
 */
export async function runThread(model: AnyModel, data: ThreadData): Promise<void> {
  const port = parentPort!;
  const report = (message: ThreadReport): void => port.postMessage(message);
  const controller = new AbortController();
  const orders = new Orders(port, controller);
  let worker: PartitionWorker | null = null;
  try {
    worker = await prepare(model, data, controller.signal);
    report({ kind: 'ready' });
    for await (const task of orders.tasks()) {
      try {
        report({ kind: 'committed', ...(await worker.commit(task)) });
      } catch (error) {
        report({ kind: 'failed', error: packError(error) });
      }
    }
  } catch (error) {
    report({ kind: 'failed', error: packError(error) });
  } finally {
    worker?.dispose();
    orders.close();
  }
}

async function prepare(
  model: AnyModel,
  { argv, folder, dataset, output, threads }: ThreadData,
  signal: AbortSignal,
): Promise<PartitionWorker> {
  const environment = process.env;
  const context = withDataset(await readProcessingContext(environment), dataset);
  const given = { context, argv, arguments: parseProcessingArguments(argv, environment) };
  const facts = { ...given, environment, signal, telemetry: SILENT };
  const job =
    folder === null
      ? await openFeatures(model, facts)
      : forecastJob(await openModel(model, folder, facts), await openData(facts));
  const joined = await OutputCommit.join(output, job.provenance, commitHost(job));
  return PartitionWorker.load(job, joined, threads);
}

/** Orders of the main thread, which may come before anybody waits for them. */
class Orders {
  readonly #port: MessagePort;
  readonly #tasks: (PartitionTask | null)[] = [];
  #wake: (() => void) | null = null;

  constructor(port: MessagePort, controller: AbortController) {
    this.#port = port;
    port.on('message', (order: ThreadOrder) => {
      if (order.kind === 'stop') controller.abort(new Error('the job stops'));
      else this.#tasks.push(order.kind === 'commit' ? order.task : null);
      this.#wake?.();
    });
  }

  async *tasks(): AsyncGenerator<PartitionTask> {
    for (;;) {
      while (this.#tasks.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      const task = this.#tasks.shift()!;
      if (task === null) return;
      yield task;
    }
  }

  /** An open port would keep the thread alive. */
  close(): void {
    this.#port.close();
  }
}
