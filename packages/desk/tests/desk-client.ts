import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Session } from '../src/api/index.ts';

/** An answer of the server. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Its text, parsed. */
  json(): T;
}

/** What is sent. Headers take the place of those that a page would send; undefined: leaves it out. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array;
}

/** Somebody with a browser, as far as the server can tell. */
export class DeskClient {
  readonly port: number;
  cookie: string | undefined;
  csrf: string | undefined;

  /** @param port of the server */
  constructor(port: number) {
    this.port = port;
  }

  /**
   * @param port of the server
   * @param token of the person
   * @returns the person, come in
   */
  static async enter(port: number, token: string): Promise<DeskClient> {
    const client = new DeskClient(port);
    const { headers } = await client.send(`/?token=${token}`);
    client.cookie = String(headers['set-cookie']?.[0]).split(';')[0];
    client.csrf = (await client.get<Session>('/api/session')).csrf;
    return client;
  }

  /**
   * @param path of the request, sent as it is
   * @param sent method, headers, body
   * @returns the answer
   */
  send(path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> {
    const all: Record<string, string | undefined> = {
      ...{ host: `127.0.0.1:${this.port}`, cookie: this.cookie },
      ...(method === 'GET'
        ? {}
        : {
            'x-csrf': this.csrf,
            origin: `http://127.0.0.1:${this.port}`,
            'content-type': 'application/json',
          }),
      ...headers,
    };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return new Promise((resolve, reject) => {
      const sending = request(
        { host: '127.0.0.1', port: this.port, path, method, headers: given, agent: false },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            resolve({
              status: answer.statusCode!,
              headers: answer.headers,
              text,
              json: () => JSON.parse(text) as unknown,
            });
          });
        },
      );
      sending.on('error', reject);
      sending.end(body);
    });
  }

  /** @returns what is answered; fails where it is a refusal */
  async get<T>(path: string, query?: unknown): Promise<T> {
    const full = query === undefined ? path : `${path}?query=${encodeURIComponent(JSON.stringify(query))}`;
    return this.#done(await this.#sendAgain(full)) as T;
  }

  /** @returns what is answered; fails where it is a refusal. A key is added. */
  async post<T>(path: string, body: object): Promise<T> {
    const keyed = JSON.stringify({ key: randomUUID(), ...body });
    return this.#done(await this.#sendAgain(path, { method: 'POST', body: keyed })) as T;
  }

  /** As the page does: what came too fast is sent again once the server has time. */
  async #sendAgain(path: string, sent?: Sent): Promise<Answer> {
    for (;;) {
      const answer = await this.send(path, sent);
      if (answer.status !== 429) return answer;
      await setTimeout(1000 * Number(answer.headers['retry-after']));
    }
  }

  #done(answer: Answer): unknown {
    if (answer.status >= 400) throw new Error(`${answer.status}: ${answer.text}`);
    return answer.json();
  }
}
