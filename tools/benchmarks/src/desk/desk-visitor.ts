import { Agent, request } from 'node:http';

/** An answer of the server. */
export interface Answer {
  readonly status: number;
  readonly cookie: string | undefined;
  readonly text: string;
}

/** Somebody at the desk: as a browser, with a connection that is kept. */
export class DeskVisitor {
  readonly port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 6 });
  #cookie: string | undefined;
  #csrf: string | undefined;

  /** @param port of the server */
  constructor(port: number) {
    this.port = port;
  }

  /**
   * Comes in.
   * @param token of the person
   */
  async enter(token: string): Promise<void> {
    const { cookie, status, text } = await this.get(`/?token=${token}`);
    if (cookie === undefined) throw new Error(`nobody is let in: ${status} ${text}`);
    this.#cookie = cookie.split(';')[0];
    this.#csrf = (JSON.parse((await this.get('/api/session')).text) as { readonly csrf: string }).csrf;
  }

  /**
   * @param path of the server
   * @param query that goes into the address as JSON
   * @returns the answer, whatever its status
   */
  get(path: string, query?: object): Promise<Answer> {
    const full = query === undefined ? path : `${path}?query=${encodeURIComponent(JSON.stringify(query))}`;
    return this.#send('GET', full);
  }

  /**
   * @param path of the server
   * @param body sent as JSON
   * @returns the answer, whatever its status
   */
  post(path: string, body: object): Promise<Answer> {
    return this.#send('POST', path, JSON.stringify(body));
  }

  /** Lets its connections go. */
  leave(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string, body?: string): Promise<Answer> {
    const headers = {
      ...(this.#cookie === undefined ? {} : { cookie: this.#cookie }),
      ...(body === undefined ? {} : { 'x-csrf': this.#csrf ?? '', 'content-type': 'application/json' }),
    };
    return new Promise((resolve, reject) => {
      const sending = request(
        { host: '127.0.0.1', port: this.port, path, method, headers, agent: this.#agent },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({
              status: answer.statusCode!,
              cookie: answer.headers['set-cookie']?.[0],
              text: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      sending.on('error', reject);
      sending.end(body);
    });
  }
}

/**
 * @param answer of the server
 * @returns its content
 * @throws Error for a refusal
 */
export function contentOf<T>({ status, text }: Answer): T {
  if (status >= 400) throw new Error(`the desk refuses: ${status} ${text}`);
  return JSON.parse(text) as T;
}
