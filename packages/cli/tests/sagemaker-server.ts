import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface Asked {
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a job goes through: one state a look, the last one for good. */
export interface Script {
  /** Milliseconds until a job that is submitted is confirmed. */
  readonly delay?: number;
  readonly states: readonly {
    readonly status: string;
    readonly phase?: string;
    readonly reason?: string;
    readonly lines?: readonly string[];
  }[];
}

/**
 * Answers for SageMaker and CloudWatch Logs as far as a launch asks them. Moto, which stands in for them elsewhere, has every job
 * complete at once, and none that can be stopped.
 */
export class SageMakerServer {
  readonly asked: Asked[] = [];
  readonly #server: Server;
  #script: Script = { states: [] };
  #look = 0;
  #stopped = false;
  #lines: string[] = [];

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Every job goes through these states from now on. */
  play(script: Script): void {
    this.#script = script;
    this.#look = 0;
    this.#stopped = false;
    this.#lines = [];
    this.asked.length = 0;
  }

  /** Resolves when a request of this action has come. */
  async untilAsked(action: string): Promise<void> {
    while (!this.asked.some((each) => each.action === action)) await new Promise((go) => setTimeout(go, 20));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const action = String(request.headers['x-amz-target']).split('.')[1]!;
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    this.asked.push({ action, body });
    if (action.startsWith('Create')) await new Promise((go) => setTimeout(go, this.#script.delay ?? 0));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(this.#answer(action, body)));
  }

  #answer(action: string, body: Readonly<Record<string, unknown>>): object {
    switch (action) {
      case 'CreateTrainingJob':
        return { TrainingJobArn: 'arn:aws:sagemaker:eu-central-1:123456789012:training-job/x' };
      case 'CreateProcessingJob':
        return { ProcessingJobArn: 'arn:aws:sagemaker:eu-central-1:123456789012:processing-job/x' };
      case 'DescribeTrainingJob': {
        const { status, phase, reason } = this.#next();
        const done = status === 'Completed';
        return {
          TrainingJobName: body['TrainingJobName'],
          TrainingJobStatus: status,
          SecondaryStatus: phase,
          FailureReason: reason,
          ...(done ? { ModelArtifacts: { S3ModelArtifacts: 's3://models/m/output/model.tar.gz' } } : {}),
          ...(done
            ? { BillableTimeInSeconds: 60, FinalMetricDataList: [{ MetricName: 'loss', Value: 0.5 }] }
            : {}),
        };
      }
      case 'DescribeProcessingJob': {
        const { status, reason } = this.#next();
        return { ProcessingJobStatus: status, ExitMessage: reason };
      }
      case 'StopTrainingJob':
      case 'StopProcessingJob':
        this.#stopped = true;
        return {};
      case 'DescribeLogStreams':
        return { logStreams: [{ logStreamName: `${body['logStreamNamePrefix'] as string}algo-1-1767` }] };
      case 'GetLogEvents': {
        const from = Number(body['nextToken'] ?? 0);
        const events = this.#lines.slice(from).map((message, i) => ({ timestamp: i, message }));
        return { events, nextForwardToken: String(this.#lines.length) };
      }
      default:
        throw new Error(`a launch has no business with ${action}`);
    }
  }

  #next(): Script['states'][number] {
    if (this.#stopped) return { status: 'Stopped', phase: 'Stopped' };
    const { states } = this.#script;
    const state = states[Math.min(this.#look++, states.length - 1)]!;
    if (this.#look <= states.length) this.#lines.push(...(state.lines ?? []));
    return state;
  }
}
