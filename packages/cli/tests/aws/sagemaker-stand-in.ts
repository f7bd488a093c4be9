import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  ExecutionStopped,
  JobRunner,
  JobSlots,
  LocalBuckets,
  ProcessEngine,
  TaskFailed,
} from '@hemline/sagemaker/run';
import type { ProcessingRequest, TrainingRequest } from '@hemline/sagemaker/requests';
import { S3Folders } from '@hemline/sagemaker/testing';
import { programOf } from '@hemline/hemline';

/** A job that was submitted. */
interface Job {
  readonly name: string;
  readonly kind: 'Training' | 'Processing';
  readonly root: string;
  readonly stop: AbortController;
  status: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  /** As Describe…Job gives it. */
  description: Readonly<Record<string, unknown>>;
}

/** A request as it came. */
export interface Asked {
  readonly action: string;
  readonly name: string | undefined;
}

/**
 * Stands in for SageMaker, CloudWatch Logs and S3 at one address: a job that is submitted really runs its model's entrypoint, as
 * a process on a fabricated `/opt/ml`, reads the folders that stand for buckets, and writes there. A name that was used before is refused.
 */
export class SageMakerStandIn {
  readonly asked: Asked[] = [];
  /** Most jobs that have run at the same time so far. */
  peak = 0;
  /** What jobs wait for before they start; by default nothing. */
  gate: Promise<void> = Promise.resolve();
  readonly #folder: string;
  readonly #buckets: LocalBuckets;
  readonly #s3: S3Folders;
  readonly #slots = new JobSlots(2);
  readonly #jobs = new Map<string, Job>();
  readonly #running = new Set<Promise<void>>();
  readonly #server: Server;

  /**
   * @param folder for the roots of jobs
   * @param buckets folder of each, by name
   */
  constructor(folder: string, buckets: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#buckets = new LocalBuckets(
      Object.fromEntries(Object.entries(buckets).map(([name, each]) => [name, { folder: each }])),
    );
    this.#s3 = new S3Folders(this.#buckets);
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Listens, and gives what the SDK has to find in its environment. */
  async listen(): Promise<Record<string, string>> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      HEMLINE_ROLE: 'arn:aws:iam::123456789012:role/hemline-job',
      HEMLINE_IMAGE: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/hemline/{model}:7',
    };
  }

  /** Stops what still runs. */
  async close(): Promise<void> {
    for (const { stop } of this.#jobs.values()) stop.abort();
    await Promise.all(this.#running);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Resolves when no job is left that could change. */
  async untilIdle(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Names of the jobs that a request was about, in order. */
  namesAsked(action: string): string[] {
    return this.asked.filter((each) => each.action === action).map(({ name }) => name!);
  }

  /** Resolves when so many requests of an action have come. */
  async untilAsked(action: string, count = 1): Promise<void> {
    while (this.namesAsked(action).length < count) await new Promise((go) => setTimeout(go, 20));
  }

  statusOf(name: string): Job['status'] | undefined {
    return this.#jobs.get(name)?.status;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.headers['x-amz-target'];
    if (target === undefined) return this.#s3.serve(request, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const action = String(target).split('.')[1]!;
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const name = (body['ProcessingJobName'] ?? body['TrainingJobName']) as string | undefined;
    this.asked.push({ action, name });
    const answer = this.#answer(action, name ?? '', body);
    const isRefused = '__type' in answer;
    response.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer));
  }

  #answer(action: string, name: string, body: Readonly<Record<string, unknown>>): object {
    const [, verb, kind] = /^(Create|Describe|Stop)(Training|Processing)Job$/.exec(action) ?? [];
    const job = this.#jobs.get(name);
    if (verb === 'Create') return this.#create(kind as Job['kind'], name, body);
    if (verb !== undefined) {
      if (job === undefined)
        return refusal('ValidationException', `Could not find requested job with name: ${name}`);
      if (verb === 'Describe') return { ...job.description, [`${kind}JobStatus`]: job.status };
      if (job.status === 'InProgress') job.status = 'Stopping';
      job.stop.abort();
      return {};
    }
    switch (action) {
      case 'ListProcessingJobs': {
        const part = body['NameContains'] as string;
        const found = this.#inProgress().filter((each) => each.name.includes(part));
        return { ProcessingJobSummaries: found.map((each) => ({ ProcessingJobName: each.name })) };
      }
      case 'DescribeLogStreams':
        return { logStreams: [{ logStreamName: `${body['logStreamNamePrefix'] as string}algo-1-1767` }] };
      case 'GetLogEvents': {
        const of = (body['logStreamName'] as string).split('/')[0]!;
        const lines = this.#linesOf(of);
        const events = lines
          .slice(Number(body['nextToken'] ?? 0))
          .map((message, i) => ({ timestamp: i, message }));
        return { events, nextForwardToken: String(lines.length) };
      }
      default:
        return refusal('UnknownOperationException', action);
    }
  }

  #create(kind: Job['kind'], name: string, body: Readonly<Record<string, unknown>>): object {
    if (this.#jobs.has(name)) return refusal('ResourceInUse', `Job name must be unique: ${name}`);
    const stop = new AbortController();
    const job: Job = {
      ...{ name, kind, stop, root: join(this.#folder, name), status: 'InProgress' },
      description: { [`${kind}JobName`]: name },
    };
    this.#jobs.set(name, job);
    this.peak = Math.max(this.peak, this.#inProgress().length);
    const running = this.#run(job, body).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return { [`${kind}JobArn`]: `arn:aws:sagemaker:eu-central-1:123456789012:job/${name}` };
  }

  async #run(job: Job, body: Readonly<Record<string, unknown>>): Promise<void> {
    const runner = new JobRunner({
      ...{ buckets: this.#buckets, engine: new ProcessEngine(programOf), slots: this.#slots },
      environment: () => ({ HEMLINE_THREADS: '1', HEMLINE_CODE_VERSION: 'image-7' }),
      signal: job.stop.signal,
    });
    const stopped = new Promise((go) => job.stop.signal.addEventListener('abort', go, { once: true }));
    try {
      await Promise.race([this.gate, stopped]);
      if (job.stop.signal.aborted) throw new ExecutionStopped();
      const description =
        job.kind === 'Training'
          ? await runner.train(trainingOf(body, job.name), job.root)
          : await runner.process(body as unknown as ProcessingRequest, job.root);
      job.description = described(description);
      job.status = 'Completed';
    } catch (error) {
      if (error instanceof TaskFailed)
        job.description = described(JSON.parse(error.message) as Record<string, unknown>);
      job.status = error instanceof ExecutionStopped ? 'Stopped' : 'Failed';
      if (!(error instanceof TaskFailed) && job.status === 'Failed')
        job.description = { ...job.description, FailureReason: `ClientError: ${(error as Error).message}` };
    }
  }

  #inProgress(): Job[] {
    return [...this.#jobs.values()].filter(({ status }) => status === 'InProgress');
  }

  #linesOf(name: string): string[] {
    const file = join(this.#jobs.get(name)?.root ?? '', 'job.log');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  }
}

/** The runner clears the output of a training first: here each has a folder of its own in it, as on SageMaker. */
function trainingOf(body: Readonly<Record<string, unknown>>, name: string): TrainingRequest {
  const request = body as unknown as TrainingRequest;
  const output = request.OutputDataConfig.S3OutputPath.replace(/\/*$/, '');
  return { ...request, OutputDataConfig: { S3OutputPath: `${output}/${name}/` } };
}

/** Times are seconds in SageMaker's protocol. */
function described(description: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(description)
      .filter(([name]) => name !== 'Log')
      .map(([name, value]) => [name, /Time$/.test(name) ? Number(value) / 1000 : value]),
  );
}

function refusal(type: string, message: string): object {
  return { __type: type, message };
}
