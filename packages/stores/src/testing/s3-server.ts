import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { FaultPlan, operationOf, slowly, type Fault } from './faults.ts';

interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Upload {
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: Map<number, { body: Buffer; etag: string }>;
  /** When it began. */
  initiated: Date;
}

const SMALLEST_PART = 5 << 20;

/**
 * A small S3 in memory, after the documentation of Amazon's REST interface: ranges, conditional requests, multipart
 * uploads, checksums of streamed bodies. It does wrong what it is told to. Not a substitute for another implementation:
 * the same tests run against moto where that is installed.
 */
export class S3Server {
  readonly objects = new Map<string, StoredObject>();
  readonly uploads = new Map<string, Upload>();
  /** Every request as `METHOD operation`, in order. */
  readonly log: string[] = [];
  readonly plan = new FaultPlan();
  readonly #server: Server;
  #pageSize = 1000;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: Error) => {
        if (error instanceof S3Refusal) refuse(response, error);
        else response.destroy(error);
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The next requests of this operation go wrong. */
  fail(operation: string, ...faults: readonly Fault[]): void {
    this.plan.add(operation, ...faults);
  }

  /** Keys a page of a listing holds. */
  pages(size: number): void {
    this.#pageSize = size;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://localhost');
    const name = decodeURIComponent(url.pathname.slice(1)).replace(/\/$/, '');
    const operation = operationOf(request.method!, url);
    this.log.push(operation);
    const fault = this.plan.next(operation);
    if (fault === 'reset') {
      request.socket.destroy();
      return;
    }
    const body = await readBody(request);
    if (fault === 'status 500' || fault === 'status 503')
      throw new S3Refusal(fault === 'status 500' ? 500 : 503, 'InternalError', 'told to');
    if (fault === 'lost response') {
      try {
        this.#answer(operation, name, url, request, body);
      } finally {
        // A refusal is lost as well.
        request.socket.destroy();
      }
      return;
    }
    const answer = this.#answer(operation, name, url, request, body);
    response.writeHead(answer.status, { 'content-length': answer.body.length, ...answer.headers });
    if (fault === 'reset within the body' || fault === 'stall within the body') {
      response.write(answer.body.subarray(0, answer.body.length >> 1));
      if (fault === 'reset within the body') setTimeout(() => request.socket.destroy(), 20);
      return;
    }
    if (fault === 'slow body') for await (const piece of slowly(answer.body)) response.write(piece);
    response.end(request.method === 'HEAD' || fault === 'slow body' ? undefined : answer.body);
  }

  #answer(
    operation: string,
    name: string,
    url: URL,
    request: IncomingMessage,
    body: Buffer,
  ): { status: number; headers: Record<string, string>; body: Buffer } {
    const id = url.searchParams.get('uploadId') ?? '';
    const ok = (text = '', headers: Record<string, string> = {}, status = 200) => ({
      status,
      headers,
      body: Buffer.from(text),
    });
    switch (operation) {
      case 'PutObject': {
        this.#checkAbsent(name, request);
        return ok('', { etag: this.#put(name, body, metadataOf(request)) });
      }
      case 'HeadObject':
      case 'GetObject': {
        const object = this.objects.get(name);
        if (object === undefined) throw new S3Refusal(404, 'NoSuchKey', name);
        const ifMatch = request.headers['if-match'];
        if (ifMatch !== undefined && ifMatch !== object.etag)
          throw new S3Refusal(412, 'PreconditionFailed', 'If-Match');
        const headers = { etag: object.etag, ...object.metadata, 'accept-ranges': 'bytes' };
        const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
        if (operation === 'HeadObject')
          return {
            status: 200,
            headers: { ...headers, 'content-length': String(object.body.length) },
            body: Buffer.alloc(0),
          };
        if (range === null) return { status: 200, headers, body: object.body };
        return { status: 206, headers, body: object.body.subarray(Number(range[1]), Number(range[2]) + 1) };
      }
      case 'DeleteObject':
        this.objects.delete(name);
        return ok('', {}, 204);
      case 'CreateMultipartUpload': {
        const uploadId = randomUUID();
        this.uploads.set(uploadId, {
          ...{ name, metadata: metadataOf(request), parts: new Map(), initiated: new Date() },
        });
        return ok(
          `<InitiateMultipartUploadResult><UploadId>${uploadId}</UploadId></InitiateMultipartUploadResult>`,
        );
      }
      case 'UploadPart': {
        const etag = etagOf(body);
        this.#upload(id).parts.set(Number(url.searchParams.get('partNumber')), { body, etag });
        return ok('', { etag });
      }
      case 'CompleteMultipartUpload':
        return ok(
          `<CompleteMultipartUploadResult><ETag>${this.#complete(id, name, request, body)}</ETag></CompleteMultipartUploadResult>`,
        );
      case 'AbortMultipartUpload':
        this.#upload(id);
        this.uploads.delete(id);
        return ok('', {}, 204);
      case 'ListMultipartUploads':
        return ok(this.#listUploads(name, url));
      case 'ListObjectsV2':
        return ok(this.#list(name, url));
      default:
        throw new S3Refusal(501, 'NotImplemented', operation);
    }
  }

  #put(name: string, body: Buffer, metadata: Readonly<Record<string, string>>, etag = etagOf(body)): string {
    this.objects.set(name, { body, metadata, etag });
    return etag;
  }

  #upload(id: string): Upload {
    const upload = this.uploads.get(id);
    if (upload === undefined) throw new S3Refusal(404, 'NoSuchUpload', id);
    return upload;
  }

  #checkAbsent(name: string, request: IncomingMessage): void {
    if (request.headers['if-none-match'] === '*' && this.objects.has(name))
      throw new S3Refusal(412, 'PreconditionFailed', 'If-None-Match');
  }

  #complete(id: string, name: string, request: IncomingMessage, body: Buffer): string {
    const upload = this.#upload(id);
    const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map((match) =>
      Number(match[1]),
    );
    const etags = [...body.toString().matchAll(/<ETag>(.*?)<\/ETag>/g)].map((match) =>
      match[1]!.replaceAll('&quot;', '"'),
    );
    const parts = numbers.map((number) => upload.parts.get(number));
    if (parts.some((part, i) => part === undefined || part.etag !== etags[i]))
      throw new S3Refusal(400, 'InvalidPart', 'a part is missing');
    if (parts.slice(0, -1).some((part) => part!.body.length < SMALLEST_PART))
      throw new S3Refusal(400, 'EntityTooSmall', 'a part is too small');
    this.#checkAbsent(name, request);
    this.uploads.delete(id);
    const whole = Buffer.concat(parts.map((part) => part!.body));
    return this.#put(name, whole, upload.metadata, `"${etagOf(whole).slice(1, -1)}-${parts.length}"`);
  }

  #list(bucket: string, url: URL): string {
    const prefix = url.searchParams.get('prefix') ?? '';
    const after = url.searchParams.get('continuation-token') ?? '';
    const keys = [...this.objects.keys()]
      .filter((name) => name.startsWith(`${bucket}/`))
      .map((name) => name.slice(bucket.length + 1))
      .filter((key) => key.startsWith(prefix) && key > after)
      .sort();
    const page = keys.slice(0, this.#pageSize);
    const more = keys.length > page.length;
    const contents = page.map((key) => {
      const { body, etag } = this.objects.get(`${bucket}/${key}`)!;
      return `<Contents><Key>${escape(key)}</Key><Size>${body.length}</Size><ETag>${escape(etag)}</ETag></Contents>`;
    });
    const next = more ? `<NextContinuationToken>${escape(page.at(-1)!)}</NextContinuationToken>` : '';
    return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`;
  }

  #listUploads(bucket: string, url: URL): string {
    const prefix = `${bucket}/${url.searchParams.get('prefix') ?? ''}`;
    const found = [...this.uploads].filter(([, { name }]) => name.startsWith(prefix));
    const entries = found.map(
      ([id, { name, initiated }]) =>
        `<Upload><Key>${escape(name.slice(bucket.length + 1))}</Key><UploadId>${id}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`,
    );
    return `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${entries.join('')}</ListMultipartUploadsResult>`;
  }
}

class S3Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

function refuse(response: ServerResponse, { status, code, message }: S3Refusal): void {
  const text = `<Error><Code>${code}</Code><Message>${escape(message)}</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml' }).end(text);
}

function metadataOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).filter(([key]) => key.startsWith('x-amz-meta-'));
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}

/** Undoes the chunked signature format, and checks the checksum that came with the body. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  let body = Buffer.concat(chunks);
  let checksum = request.headers['x-amz-checksum-crc32'] as string | undefined;
  if (String(request.headers['x-amz-content-sha256']).startsWith('STREAMING')) {
    const parts: Buffer[] = [];
    let at = 0;
    for (;;) {
      const line = body.indexOf('\r\n', at);
      const size = Number.parseInt(body.toString('latin1', at, line), 16);
      if (size === 0) {
        checksum = /x-amz-checksum-crc32:(\S+)/.exec(body.toString('latin1', line))?.[1] ?? checksum;
        break;
      }
      parts.push(body.subarray(line + 2, line + 2 + size));
      at = line + 2 + size + 2;
    }
    body = Buffer.concat(parts);
  }
  const found = Buffer.alloc(4);
  found.writeUInt32BE(crc32(body));
  if (checksum !== undefined && checksum !== found.toString('base64'))
    throw new S3Refusal(400, 'BadDigest', 'the checksum does not match');
  return body;
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
