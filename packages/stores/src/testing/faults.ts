/** What a server is to do wrong, once. */
export type Fault =
  | 'status 500'
  | 'status 503'
  /** The connection breaks before anything is done. */
  | 'reset'
  /** Half of the body comes, then the connection breaks. */
  | 'reset within the body'
  /** Half of the body comes, then nothing. */
  | 'stall within the body'
  /** The body comes in small pieces. */
  | 'slow body'
  /** All is done, and the answer is lost. */
  | 'lost response';

/** What is to go wrong with which requests, in order. */
export class FaultPlan {
  readonly #faults: { readonly operation: string; readonly fault: Fault }[] = [];

  /** The next requests of this operation go wrong. */
  add(operation: string, ...faults: readonly Fault[]): void {
    this.#faults.push(...faults.map((fault) => ({ operation, fault })));
  }

  /** What goes wrong with a request of this operation; it is taken off the plan. */
  next(operation: string): Fault | null {
    const planned = this.#faults.findIndex((each) => each.operation === operation);
    return planned === -1 ? null : this.#faults.splice(planned, 1)[0]!.fault;
  }

  /** What has not come about. */
  get left(): readonly string[] {
    return this.#faults.map(({ operation, fault }) => `${operation}: ${fault}`);
  }

  clear(): void {
    this.#faults.length = 0;
  }
}

/**
 * Which of S3's operations a request is.
 * @param method of HTTP
 * @param url with the query
 * @returns such as `PutObject`
 */
export function operationOf(method: string, { searchParams: query, pathname }: URL): string {
  const has = (key: string): boolean => query.has(key);
  if (method === 'GET' && has('uploads')) return 'ListMultipartUploads';
  if (method === 'GET' && has('list-type')) return 'ListObjectsV2';
  if (method === 'POST' && has('uploads')) return 'CreateMultipartUpload';
  if (method === 'POST' && has('uploadId')) return 'CompleteMultipartUpload';
  if (method === 'PUT' && has('uploadId')) return 'UploadPart';
  if (method === 'DELETE' && has('uploadId')) return 'AbortMultipartUpload';
  const plain: Record<string, string> = {
    GET: 'GetObject',
    HEAD: 'HeadObject',
    PUT: 'PutObject',
    DELETE: 'DeleteObject',
  };
  return plain[method] ?? `${method} ${pathname}`;
}

/**
 * Bytes in small pieces, a moment apart.
 * @param body to be cut
 * @param pieces how many
 */
export async function* slowly(body: Uint8Array, pieces = 20): AsyncGenerator<Uint8Array> {
  const size = Math.max(1, Math.ceil(body.length / pieces));
  for (let start = 0; start < body.length; start += size) {
    yield body.subarray(start, start + size);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
