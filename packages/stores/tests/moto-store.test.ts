import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../src/open-store.ts';
import type { Store } from '../src/store.ts';
import { FaultProxy } from './fault-proxy.ts';
import { clientOf, faultSuite } from './fault-suite.ts';
import { startMoto } from '../src/testing/moto-server.ts';
import { storeSuite } from './store-suite.ts';

const moto = await startMoto();
const note = moto.missing === null ? '' : `, skipped, moto cannot be had: ${moto.missing}`;

describe.skipIf(moto.missing !== null)(`beside another implementation${note}`, () => {
  let proxy: FaultProxy;
  let client: S3Client;
  let count = 0;
  const fresh = (): Promise<Store> => openStore(`s3://bucket/prefix-${count++}`, { s3: { client } });

  beforeAll(async () => {
    if (moto.missing !== null) return;
    proxy = new FaultProxy(moto.url);
    client = clientOf(await proxy.listen());
    await client.send(
      new CreateBucketCommand({
        Bucket: 'bucket',
        CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
      }),
    );
  });

  afterAll(async () => {
    if (moto.missing !== null) return;
    client.destroy();
    await proxy.close();
    moto.close();
  });

  storeSuite('s3: of moto', fresh);
  faultSuite(
    'moto',
    () => proxy,
    () => client,
    fresh,
  );
});
