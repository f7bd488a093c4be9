import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../src/open-store.ts';
import type { Store } from '../src/store.ts';
import { clientOf, faultSuite } from './fault-suite.ts';
import { S3Server } from '../src/testing/s3-server.ts';
import { keysOf, patterned, storeSuite } from './store-suite.ts';

const server = new S3Server();
let client: S3Client;
let count = 0;

const fresh = (): Promise<Store> => openStore(`s3://bucket/prefix-${count++}`, { s3: { client } });

beforeAll(async () => {
  client = clientOf(await server.listen());
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

storeSuite('s3:', fresh);
faultSuite(
  'a server in memory',
  () => server,
  () => client,
  fresh,
);

it('names the cause when another gave the upload up', async () => {
  const store = await fresh();
  const writer = await store.create('market=DE/x');
  await writer.write(patterned(16 << 20));
  await store.clean('market=DE', 0);
  await expect(writer.commit()).rejects.toThrow(/was given up by another/);
  await writer.abort();
});

it('gives up uploads that began a day ago, and none that may be under way', async () => {
  const store = await fresh();
  const [left, living] = [await store.create('left'), await store.create('living')];
  for (const writer of [left, living]) await writer.write(patterned(16 << 20));
  for (const upload of server.uploads.values())
    if (upload.name.endsWith('/left')) upload.initiated = new Date(Date.now() - 25 * 3_600_000);
  await store.clean();
  await expect(left.commit()).rejects.toThrow(/was given up by another/);
  await left.abort();
  await living.commit();
  expect(await keysOf(store)).toEqual(['living']);
});
