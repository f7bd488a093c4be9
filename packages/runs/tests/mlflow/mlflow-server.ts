import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const key = z
  .string()
  .min(1)
  .max(250)
  .regex(
    /^[/\w.\- ]*$/,
    'Names may only contain alphanumerics, underscores, dashes, periods, spaces and slashes',
  )
  .refine(
    (name) => !name.startsWith('/') && !name.split('/').some((part) => ['', '.', '..'].includes(part)),
    {
      message: 'Names may be treated as files in certain cases, and must not resolve to other names',
    },
  );
const int64 = z.number().int();
const metric = z.strictObject({
  key,
  value: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]),
  timestamp: int64,
  step: int64,
});
const param = z.strictObject({ key, value: z.string().max(6000) });
const tag = z.strictObject({ key, value: z.string().max(8000) });

/** Bodies as MLflow's REST interface documents them. */
const BODIES = {
  'experiments/create': z.strictObject({ name: z.string().min(1) }),
  'runs/create': z.strictObject({
    experiment_id: z.string(),
    run_name: z.string(),
    start_time: int64,
    tags: z.array(tag),
  }),
  'runs/log-batch': z.strictObject({
    run_id: z.string(),
    metrics: z.array(metric).max(1000),
    params: z.array(param).max(100),
    tags: z.array(tag).max(100),
  }),
  'runs/update': z.strictObject({
    run_id: z.string(),
    status: z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']),
    end_time: int64.optional(),
  }),
} as const;

/** A run as the server knows it. */
export interface ServedRun {
  readonly experiment: string;
  readonly name: string;
  readonly startTime: number;
  readonly statuses: string[];
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly metrics: z.output<typeof metric>[];
  endTime: number | null;
}

/** What the server answers in place of the truth. */
export type Fault = (path: string, count: number) => number | 'hang up' | null;

/** A tracking server that refuses everything that MLflow's documentation does not allow. */
export class MlflowServer {
  readonly runs = new Map<string, ServedRun>();
  readonly experiments = new Map<string, string>();
  readonly requests: { path: string; headers: IncomingMessage['headers']; body: string }[] = [];
  /** Requests that were not as documented. */
  readonly violations: string[] = [];
  fault: Fault = () => null;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        const path = request.url!.replace('/api/2.0/mlflow/', '');
        this.requests.push({ path, headers: request.headers, body });
        const fault = this.fault(path, this.requests.length);
        if (fault === 'hang up') {
          request.socket.destroy();
          return;
        }
        if (fault !== null) {
          response.writeHead(fault).end('<html>a proxy</html>');
          return;
        }
        const { status, answer } = this.#answer(request.method!, request.url!, body);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
  }

  static async start(): Promise<MlflowServer> {
    const server = new MlflowServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #refuse(code: string, message: string, status = 400): { status: number; answer: object } {
    if (code === 'INVALID_PARAMETER_VALUE') this.violations.push(message);
    return { status, answer: { error_code: code, message } };
  }

  #answer(method: string, url: string, body: string): { status: number; answer: object } {
    const { pathname, searchParams } = new URL(url, 'http://x');
    const path = pathname.replace(/^\/api\/2\.0\/mlflow\//, '');
    if (path === pathname) return this.#refuse('ENDPOINT_NOT_FOUND', pathname, 404);
    if (Buffer.byteLength(body) > 1_048_576) return this.#refuse('INVALID_PARAMETER_VALUE', 'above 1 MiB');
    if (method === 'GET' && path === 'experiments/get-by-name') {
      const name = searchParams.get('experiment_name')!;
      const id = this.experiments.get(name);
      if (id === undefined) return this.#refuse('RESOURCE_DOES_NOT_EXIST', `no experiment ${name}`, 404);
      return { status: 200, answer: { experiment: { experiment_id: id, name, lifecycle_stage: 'active' } } };
    }
    if (method === 'GET' && path === 'runs/get') {
      const run = this.runs.get(searchParams.get('run_id')!);
      if (run === undefined) return this.#refuse('RESOURCE_DOES_NOT_EXIST', 'no such run', 404);
      const params = [...run.params].map(([key, value]) => ({ key, value }));
      return { status: 200, answer: { run: { info: {}, data: { params } } } };
    }
    const schema = BODIES[path as keyof typeof BODIES];
    if (method !== 'POST' || schema === undefined)
      return this.#refuse('INVALID_PARAMETER_VALUE', `${method} ${path} is not documented`);
    const parsed = schema.safeParse(JSON.parse(body));
    if (!parsed.success) return this.#refuse('INVALID_PARAMETER_VALUE', `${path}: ${parsed.error.message}`);
    return this.#change(path, parsed.data as never);
  }

  #change(
    path: string,
    given: { name: string; run_id: string } & z.output<(typeof BODIES)['runs/create']> &
      z.output<(typeof BODIES)['runs/log-batch']> &
      z.output<(typeof BODIES)['runs/update']>,
  ): { status: number; answer: object } {
    if (path === 'experiments/create') {
      if (this.experiments.has(given.name)) return this.#refuse('RESOURCE_ALREADY_EXISTS', given.name);
      const id = String(this.experiments.size + 1);
      this.experiments.set(given.name, id);
      return { status: 200, answer: { experiment_id: id } };
    }
    if (path === 'runs/create') {
      const id = `run${this.runs.size + 1}`;
      this.runs.set(id, {
        ...{ experiment: given.experiment_id, name: given.run_name, startTime: given.start_time },
        ...{ statuses: ['RUNNING'], params: new Map<string, string>(), metrics: [], endTime: null },
        tags: new Map(given.tags.map(({ key: name, value }) => [name, value])),
      });
      return { status: 200, answer: { run: { info: { run_id: id }, data: {} } } };
    }
    const run = this.runs.get(given.run_id);
    if (run === undefined) return this.#refuse('RESOURCE_DOES_NOT_EXIST', given.run_id, 404);
    if (path === 'runs/update') {
      run.statuses.push(given.status);
      run.endTime = given.end_time ?? null;
      return { status: 200, answer: { run_info: {} } };
    }
    const { metrics, params, tags } = given;
    if (metrics.length + params.length + tags.length > 1000)
      return this.#refuse('INVALID_PARAMETER_VALUE', 'more than 1000 entities');
    const changed = params.find(({ key: name, value }) => (run.params.get(name) ?? value) !== value);
    if (changed !== undefined)
      return this.#refuse('INVALID_PARAMETER_VALUE', `changing param values is not allowed: ${changed.key}`);
    for (const { key: name, value } of params) run.params.set(name, value);
    for (const { key: name, value } of tags) run.tags.set(name, value);
    run.metrics.push(...metrics);
    return { status: 200, answer: {} };
  }
}
