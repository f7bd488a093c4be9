import { Worker } from 'node:worker_threads';
import { EngineError, unpackError } from '@hemline/core';
import type { ArticlePortfolio, ArticleShare } from './article-portfolio.ts';
import type { Evaluation, LinkingRow, Portfolio } from './linking-row.ts';
import {
  plainTable,
  type PortfolioParts,
  type ThreadData,
  type ThreadReply,
  type ThreadRequest,
} from './thread-messages.ts';

/** A thread and the articles that it solves. */
interface Sharer {
  readonly worker: Worker;
  readonly share: ArticleShare;
}

/**
 * A portfolio whose articles are solved in threads, each its share. An article's answer depends on the request alone, and the shares
 * are put together in the order of the articles: the result is that of one thread, bit by bit.
 */
export class ThreadedPortfolio implements Portfolio {
  readonly rows: readonly LinkingRow[];
  readonly planOffsets: Float64Array;
  readonly #whole: ArticlePortfolio;
  readonly #sharers: readonly Sharer[];
  /** Of the first thread that ended. */
  #exitCode: number | null = null;

  /**
   * Starts threads.
   * @param whole the same portfolio in this thread
   * @param parts that it is made of
   * @param threads how many, at least 1
   */
  constructor(whole: ArticlePortfolio, parts: PortfolioParts, threads: number) {
    this.#whole = whole;
    this.rows = whole.rows;
    this.planOffsets = whole.planOffsets;
    const table = plainTable(parts.table);
    this.#sharers = sharesOf(this.planOffsets, threads).map((share) => ({
      share,
      worker: new Worker(new URL('./portfolio-thread.ts', import.meta.url), {
        workerData: { ...parts, table, share } satisfies ThreadData,
      }).once('exit', (code) => (this.#exitCode ??= code)),
    }));
  }

  evaluate(multipliers: Float64Array, every = 1): Promise<Evaluation> {
    return this.#ask({ kind: 'evaluate', multipliers, every });
  }

  known(first: Evaluation): Promise<readonly Evaluation[]> {
    return this.#whole.known(first);
  }

  vary(levels: Uint8Array, round: number): Promise<Evaluation> {
    return this.#ask({ kind: 'vary', levels, round });
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#sharers.map(({ worker }) => worker.terminate()));
  }

  async #ask(request: ThreadRequest): Promise<Evaluation> {
    // A thread that is gone would never answer.
    if (this.#exitCode !== null) throw ended(this.#exitCode);
    const replies = await Promise.all(this.#sharers.map(({ worker }) => answerOf(worker, request)));
    const A = this.planOffsets.length - 1;
    const found: Evaluation = {
      ...{ profit: new Float64Array(A), use: new Float64Array(A * this.rows.length) },
      ...{ bound: new Float64Array(A), levels: new Uint8Array(this.planOffsets[A]!) },
    };
    replies.forEach(({ profit, use, bound, levels }, i) => {
      const { from } = this.#sharers[i]!.share;
      found.profit.set(profit, from);
      found.bound.set(bound, from);
      found.use.set(use, from * this.rows.length);
      found.levels.set(levels, this.planOffsets[from]!);
    });
    return found;
  }
}

function answerOf(worker: Worker, request: ThreadRequest): Promise<Evaluation> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      worker.off('message', take).off('error', fail).off('exit', gone);
      settle();
    };
    const take = (reply: ThreadReply): void =>
      end(() => ('error' in reply ? reject(unpackError(reply.error)) : resolve(reply.found)));
    const fail = (error: Error): void => end(() => reject(error));
    const gone = (code: number): void => end(() => reject(ended(code)));
    worker.on('message', take).on('error', fail).on('exit', gone);
    worker.postMessage(request);
  });
}

function ended(code: number): EngineError {
  return new EngineError('a thread that prices articles has ended', {
    expected: 'its answer',
    found: `exit code ${code}`,
    remedy: 'If memory ran out, price with fewer threads.',
  });
}

/** Runs of articles whose plans are about as long. */
function sharesOf(offsets: Float64Array, threads: number): ArticleShare[] {
  const A = offsets.length - 1;
  const shares: ArticleShare[] = [];
  let from = 0;
  for (let i = 1; i <= threads && from < A; i++) {
    const end = (offsets[A]! * i) / threads;
    let to = from + 1;
    while (to < A && (i === threads || offsets[to]! < end)) to++;
    shares.push({ from, to });
    from = to;
  }
  return shares;
}
