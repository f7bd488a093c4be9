import { withHeld } from '../coordinator/article-portfolio.ts';
import type { Evaluation, LinkingRow, Portfolio } from '../coordinator/linking-row.ts';
import type { ArticleBlocks } from './article-blocks.ts';
import type { Exchange } from './exchange.ts';
import type { OwnPortfolio, RoundAnswers } from './round-answers.ts';
import {
  answerKey,
  packRequest,
  requestKey,
  roundFolder,
  unpackAnswer,
  type RoundRequest,
} from './rounds.ts';

/**
 * A portfolio whose articles are solved by hosts, each its blocks, as threads solve them one level below: what is asked and answered goes
 * through a store. Answers are put together block by block, whoever gave them, so that the result is that of one host, bit by bit. What
 * an earlier start was answered is there already: a search that begins anew asks the same, and goes on where that one was.
 */
export class HostedPortfolio implements Portfolio {
  readonly rows: readonly LinkingRow[];
  readonly planOffsets: Float64Array;
  readonly #exchange: Exchange;
  readonly #blocks: ArticleBlocks;
  readonly #answers: RoundAnswers;
  #rounds = 0;

  /**
   * @param exchange of the hosts
   * @param blocks of all articles
   * @param own articles of this host
   * @param answers of this host
   */
  constructor(exchange: Exchange, blocks: ArticleBlocks, own: OwnPortfolio, answers: RoundAnswers) {
    this.rows = own.portfolio.rows;
    this.planOffsets = own.planOffsets;
    [this.#exchange, this.#blocks, this.#answers] = [exchange, blocks, answers];
  }

  evaluate(multipliers: Float64Array, every = 1): Promise<Evaluation> {
    return this.#ask({ kind: 'evaluate', multipliers, every });
  }

  async known(first: Evaluation): Promise<readonly Evaluation[]> {
    return [withHeld(this, first, await this.#ask({ kind: 'hold' }))];
  }

  vary(levels: Uint8Array, round: number): Promise<Evaluation> {
    return this.#ask({ kind: 'vary', levels, round });
  }

  async #ask(request: RoundRequest): Promise<Evaluation> {
    const number = ++this.#rounds;
    await this.#exchange.put(requestKey(number), packRequest(request));
    await this.#answers.answer(number, request);
    const owed = this.#blocks.all.map((block) => ({
      ...{ key: answerKey(number, block), host: this.#blocks.hostOf(block) },
    }));
    const answers = await this.#exchange.gather(roundFolder(number), owed);
    const A = this.#blocks.articles;
    const R = this.rows.length;
    const found: Evaluation = {
      ...{ profit: new Float64Array(A), use: new Float64Array(A * R) },
      ...{ bound: new Float64Array(A), levels: new Uint8Array(this.planOffsets[A]!) },
    };
    answers.forEach((bytes, block) => {
      const { from } = this.#blocks.share(block);
      const { profit, use, bound, levels } = unpackAnswer(bytes);
      found.profit.set(profit, from);
      found.use.set(use, from * R);
      found.bound.set(bound, from);
      found.levels.set(levels, this.planOffsets[from]!);
    });
    return found;
  }
}
