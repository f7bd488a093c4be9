/** What the server refused, in its own words. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;
  readonly remedy: string | null;

  /**
   * @param status of HTTP; 0 where the server could not be reached
   * @param code of the refusal
   * @param message for people
   * @param remedy what to do, null where nothing is known
   */
  constructor(status: number, code: string, message: string, remedy: string | null) {
    super(message);
    this.status = status;
    this.code = code;
    this.remedy = remedy;
  }
}

/** Talks to the server that the page came from, and to no other. */
export interface Client {
  readonly get: <T>(path: string, signal?: AbortSignal) => Promise<T>;
  readonly send: <T>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ) => Promise<T>;
  /** Sends a file as it is. */
  readonly upload: <T>(path: string, file: Blob, type: string) => Promise<T>;
}

/**
 * @param csrf the word that proves that a request comes from this page; the session tells it
 * @returns a client
 */
export function createClient(csrf: string): Client {
  const headers = { 'x-csrf': csrf };
  return {
    get: (path, signal) => ask(path, { signal }),
    send: (method, path, body, signal) =>
      ask(path, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal,
      }),
    upload: (path, file, type) =>
      ask(path, { method: 'POST', headers: { ...headers, 'content-type': type }, body: file }),
  };
}

/** How often a request is sent again that came too fast: nothing has been done with it. */
const MOST_REPEATS = 3;

async function ask<T>(path: string, request: RequestInit, repeats = 0): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { ...request, credentials: 'same-origin' });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new Refused(0, 'unreachable', '', null);
  }
  const wait = Number(response.headers.get('retry-after'));
  if (response.status === 429 && wait > 0 && repeats < MOST_REPEATS) {
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    return ask(path, request, repeats + 1);
  }
  const text = await response.text();
  if (response.ok) return (text === '' ? null : JSON.parse(text)) as T;
  throw refusal(response.status, text);
}

/** The server says what was expected, found and where; anything else between it and the page speaks for itself. */
function refusal(status: number, text: string): Refused {
  try {
    const { error } = JSON.parse(text) as {
      error: {
        code?: string;
        message?: string;
        expected?: string;
        found?: string;
        where?: string;
        remedy?: string;
      };
    };
    const details = [
      error.expected === undefined ? '' : `expected ${error.expected}`,
      error.found === undefined ? '' : `found ${error.found}`,
      error.where === undefined ? '' : `in ${error.where}`,
    ].filter((part) => part !== '' && !(error.message ?? '').includes(part.replace(/^\w+ /, '')));
    const message = [error.message ?? '', details.join(', ')].filter((part) => part !== '').join(': ');
    return new Refused(status, error.code ?? String(status), message, error.remedy ?? null);
  } catch {
    return new Refused(status, String(status), text.slice(0, 300), null);
  }
}
