import { parentPort, workerData } from 'node:worker_threads';
import { packError } from '@hemline/core';
import type { ThreadData, ThreadRequest, ThreadReply } from './thread-messages.ts';
import { portfolioOf, tableOf } from './thread-messages.ts';

// One of several threads that solve articles: its share of them, whatever it is asked for.
const { share, ...data } = workerData as ThreadData;
const portfolio = portfolioOf({ ...data, table: tableOf(data.table) }, share);
const port = parentPort!;

port.on('message', (request: ThreadRequest) => {
  void answer(request).then((reply) => port.postMessage(reply));
});

async function answer(request: ThreadRequest): Promise<ThreadReply> {
  try {
    switch (request.kind) {
      case 'evaluate':
        return { found: portfolio.sliced(await portfolio.evaluate(request.multipliers, request.every)) };
      case 'vary':
        return { found: portfolio.sliced(await portfolio.vary(request.levels, request.round)) };
    }
  } catch (error) {
    return { error: packError(error) };
  }
}
