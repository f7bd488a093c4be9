import {
  Agent,
  createServer,
  request as requestOf,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaultPlan, operationOf, slowly, type Fault } from '../src/testing/faults.ts';

interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Stands before a server of S3, passes on what it is asked, and does wrong what it is told to. */
export class FaultProxy {
  readonly plan = new FaultPlan();
  readonly #target: string;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  #pageSize = 1000;
  #showing: Promise<unknown> = Promise.resolve();

  /** @param target address of the server behind */
  constructor(target: string) {
    this.#target = target;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: Error) => response.destroy(error));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Keys a page of a listing holds. */
  pages(size: number): void {
    this.#pageSize = size;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.#target);
    const operation = operationOf(request.method!, url);
    const fault = this.plan.next(operation);
    if (fault === 'reset') {
      request.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (fault === 'status 500' || fault === 'status 503') {
      const text = '<Error><Code>InternalError</Code><Message>told to</Message></Error>';
      response.writeHead(Number(fault.slice(-3)), { 'content-type': 'application/xml' }).end(text);
      return;
    }
    const path = operation === 'ListObjectsV2' ? `${request.url!}&max-keys=${this.#pageSize}` : request.url!;
    const body = Buffer.concat(chunks);
    const answer = ['PutObject', 'CompleteMultipartUpload'].includes(operation)
      ? await this.#oneByOne(() => this.#forward(request, path, body))
      : await this.#forward(request, path, body);
    await this.#reply(answer, fault, request, response);
  }

  /**
   * In S3 the condition of a write and the write are one step. Moto's threads check first and write later: of two writers
   * at the same time both would win.
   */
  #oneByOne(work: () => Promise<Answer>): Promise<Answer> {
    const done = this.#showing.then(work);
    this.#showing = done.catch(() => undefined);
    return done;
  }

  async #reply(
    answer: Answer,
    fault: Fault | null,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (fault === 'lost response') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, [...answer.headers]);
    if (fault === 'reset within the body' || fault === 'stall within the body') {
      response.write(answer.body.subarray(0, answer.body.length >> 1));
      if (fault === 'reset within the body') setTimeout(() => request.socket.destroy(), 20);
      return;
    }
    if (fault === 'slow body') for await (const piece of slowly(answer.body)) response.write(piece);
    response.end(fault === 'slow body' ? undefined : answer.body);
  }

  #forward(request: IncomingMessage, path: string, body: Buffer): Promise<Answer> {
    const { expect: _expect, 'transfer-encoding': _coding, ...headers } = request.headers;
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.#target);
      const options = {
        hostname,
        port,
        path,
        method: request.method,
        agent: this.#agent,
        headers: { ...headers, 'content-length': String(body.length) },
      };
      const onward = requestOf(options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          resolve({ status: answer.statusCode!, headers: plainHeaders(answer), body: Buffer.concat(chunks) });
        });
      });
      onward.on('error', reject);
      onward.end(body);
    });
  }
}

/** Without those that belong to the connection behind. */
function plainHeaders({ rawHeaders }: IncomingMessage): string[] {
  const kept: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!['connection', 'keep-alive', 'transfer-encoding'].includes(rawHeaders[i]!.toLowerCase()))
      kept.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  return kept;
}
