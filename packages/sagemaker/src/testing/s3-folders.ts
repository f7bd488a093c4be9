import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalBuckets } from '../run/local-buckets.ts';

/** Answers for S3, for tests, as far as one reads: whole objects, ranges, listings. Buckets are folders. */
export class S3Folders {
  readonly #buckets: LocalBuckets;

  /** @param buckets with a folder each */
  constructor(buckets: LocalBuckets) {
    this.#buckets = buckets;
  }

  /**
   * @param request of the SDK, with the bucket in its path
   * @param response to it
   */
  serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://localhost');
    const [bucket = '', ...parts] = decodeURIComponent(url.pathname.slice(1)).split('/');
    if (url.searchParams.has('list-type')) return this.#list(bucket, url.searchParams, response);
    const path = this.#buckets.pathOf(`s3://${bucket}/${parts.join('/')}`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 501, 'NotImplemented');
    if (!existsSync(path) || !statSync(path).isFile()) return refuse(response, 404, 'NoSuchKey');
    const body = readFileSync(path);
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const part = range === null ? body : body.subarray(Number(range[1]), Number(range[2]) + 1);
    response.writeHead(range === null ? 200 : 206, {
      ...{ etag: etagOf(body), 'accept-ranges': 'bytes', 'content-length': part.length },
    });
    response.end(request.method === 'HEAD' ? undefined : part);
  }

  #list(bucket: string, query: URLSearchParams, response: ServerResponse): void {
    const objects = this.#buckets.list(`s3://${bucket}/${query.get('prefix') ?? ''}`);
    const contents = objects.map(({ uri, path }) => {
      const key = uri.slice(`s3://${bucket}/`.length);
      const etag = etagOf(readFileSync(path)).replaceAll('"', '&quot;');
      return `<Contents><Key>${key}</Key><Size>${statSync(path).size}</Size><ETag>${etag}</ETag></Contents>`;
    });
    const text = `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
    response.writeHead(200, { 'content-type': 'application/xml' }).end(text);
  }
}

/**
 * Serves folders as buckets until it is closed.
 * @param folders by name of the bucket
 * @returns what the SDK has to find in its environment, and how to end it
 */
export async function serveS3(folders: Readonly<Record<string, string>>): Promise<{
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}> {
  const buckets = Object.fromEntries(Object.entries(folders).map(([name, folder]) => [name, { folder }]));
  const s3 = new S3Folders(new LocalBuckets(buckets));
  const server = createServer((request, response) => s3.serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    environment: {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(response: ServerResponse, status: number, code: string): void {
  const headers = { 'content-type': 'application/xml' };
  response.writeHead(status, headers).end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
