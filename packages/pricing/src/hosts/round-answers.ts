import { DataError } from '@hemline/core';
import type { ArticlePortfolio } from '../coordinator/article-portfolio.ts';
import type { Evaluation, Portfolio } from '../coordinator/linking-row.ts';
import type { ArticleBlocks } from './article-blocks.ts';
import type { Exchange } from './exchange.ts';
import { answerKey, packAnswer, roundFolder, type RoundRequest } from './rounds.ts';

/** The articles of this host, ready to be asked. */
export interface OwnPortfolio {
  /** Of the articles of this host: all others are on sale in no week. */
  readonly portfolio: ArticlePortfolio;
  /** The same, solved in threads where there are several. */
  readonly solved: Portfolio;
  /** Where plans begin among those of the articles of all hosts [A + 1]. */
  readonly planOffsets: Float64Array;
}

/** Answers what all hosts are asked, for the blocks of this one. */
export class RoundAnswers {
  readonly #exchange: Exchange;
  readonly #blocks: ArticleBlocks;
  readonly #own: OwnPortfolio;

  /**
   * @param exchange of the hosts
   * @param blocks of all articles
   * @param own articles of this host
   */
  constructor(exchange: Exchange, blocks: ArticleBlocks, own: OwnPortfolio) {
    this.#exchange = exchange;
    this.#blocks = blocks;
    this.#own = own;
  }

  /**
   * Answers a round, as far as an earlier start has not.
   * @param number of the round
   * @param request what is asked
   */
  async answer(number: number, request: RoundRequest): Promise<void> {
    const told = await this.#exchange.told(roundFolder(number));
    const blocks = this.#blocks
      .blocksOf(this.#exchange.host)
      .filter((block) => !told.has(answerKey(number, block)));
    if (blocks.length === 0) return;
    const found = await this.#solve(request);
    for (const block of blocks)
      await this.#exchange.put(answerKey(number, block), packAnswer(this.#sliced(found, block)));
  }

  #solve(request: RoundRequest): Promise<Evaluation> {
    const { portfolio, solved } = this.#own;
    switch (request.kind) {
      case 'evaluate':
        if (request.multipliers.length !== portfolio.rows.length) throw otherRows(request, portfolio);
        return solved.evaluate(request.multipliers, request.every);
      case 'vary':
        return solved.vary(this.#ownLevels(request.levels), request.round);
      case 'hold':
        return Promise.resolve(portfolio.held());
    }
  }

  /** Of the plans of all articles those of this host. */
  #ownLevels(levels: Uint8Array): Uint8Array {
    const { from, to } = this.#blocks.shareOf(this.#exchange.host);
    const { planOffsets } = this.#own;
    return levels.subarray(planOffsets[from]!, planOffsets[to]!);
  }

  #sliced({ profit, use, bound, levels }: Evaluation, block: number): Evaluation {
    const { from, to } = this.#blocks.share(block);
    const { planOffsets, rows } = this.#own.portfolio;
    const R = rows.length;
    return {
      ...{ profit: profit.slice(from, to), use: use.slice(from * R, to * R), bound: bound.slice(from, to) },
      levels: levels.slice(planOffsets[from]!, planOffsets[to]!),
    };
  }
}

function otherRows({ multipliers }: { multipliers: Float64Array }, { rows }: Portfolio): DataError {
  return new DataError('a round asks for other limits than this host knows', {
    expected: `${rows.length} multipliers`,
    found: String(multipliers.length),
    remedy: 'Start all hosts with the same file of limits.',
  });
}
