import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalBuckets } from '@hemline/workflow/local';

/**
 * Answers for S3, as far as one reads: whole objects, ranges, listings. Buckets are the folders that the jobs of the stand-in
 * read and write.
 */
export class S3Folders {
  readonly #buckets: LocalBuckets;

  constructor(buckets: LocalBuckets) {
    this.#buckets = buckets;
  }

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

function refuse(response: ServerResponse, status: number, code: string): void {
  const headers = { 'content-type': 'application/xml' };
  response.writeHead(status, headers).end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
