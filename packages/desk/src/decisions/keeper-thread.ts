import { parentPort, workerData } from 'node:worker_threads';
import { packError } from '@hemline/core';
import { StoreKeeper, type KeeperOptions } from './store-keeper.ts';
import type { KeeperRequest } from './keeper-messages.ts';

const { options, weeks } = workerData as {
  readonly options: KeeperOptions;
  readonly weeks: { readonly from: number; readonly to: number };
};
const keeper = new StoreKeeper(options, weeks);
let last: Promise<unknown> = Promise.resolve();

// One after the other: each leaves the ledger as the next needs it.
parentPort!.on('message', ({ id, request }: { readonly id: number; readonly request: KeeperRequest }) => {
  last = last.then(async () => {
    try {
      parentPort!.postMessage({ id, result: await answer(request) });
    } catch (error) {
      parentPort!.postMessage({ id, error: packError(error) });
    }
  });
});

function answer(request: KeeperRequest): Promise<unknown> {
  switch (request.kind) {
    case 'look':
      return keeper.look();
    case 'publish':
      return keeper.publish(request.batch);
    case 'in-shop':
      return keeper.inShop(request.week);
    case 'export':
      return keeper.export(request.file);
    case 'import':
      return keeper.import(request.file, request.by);
  }
}
