import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import { S3Files } from '../../src/functions/s3-files.ts';
import { LocalBuckets } from '@hemline/sagemaker/run';
import { LocalFiles } from '../../src/local/local-files.ts';
import { startMoto } from '@hemline/stores/testing';
import { runFilesSuite } from './run-files-suite.ts';

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-run-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

runFilesSuite('in folders', () => {
  const bucket = `b${count++}`;
  return Promise.resolve({
    files: new LocalFiles(new LocalBuckets({ [bucket]: { folder: join(folder, bucket) } })),
    artifacts: `s3://${bucket}/`,
  });
});

const moto = await startMoto();
const note = moto.missing === null ? '' : `, skipped, moto cannot be had: ${moto.missing}`;

describe.skipIf(moto.missing !== null)(`in S3, as moto has it${note}`, () => {
  beforeAll(() => {
    if (moto.missing !== null) return;
    // As the function of the small steps finds its client's settings.
    vi.stubEnv('AWS_ENDPOINT_URL_S3', moto.url);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    if (moto.missing === null) moto.close();
  });

  const fresh = async (): Promise<{ files: S3Files; artifacts: string }> => {
    const bucket = `bucket-${count++}`;
    const client = new S3Client({});
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
    return { files: new S3Files(), artifacts: `s3://${bucket}/` };
  };
  // Two at once may both win in moto, which locks nothing.
  runFilesSuite('in S3', fresh, true);
});
