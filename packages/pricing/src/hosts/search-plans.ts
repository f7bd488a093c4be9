import { coordinate, type CoordinationSettings, type CoordinationStep } from '../coordinator/coordinate.ts';
import { loadHighs } from '../coordinator/load-highs.ts';
import type { ArticleBlocks } from './article-blocks.ts';
import type { Exchange } from './exchange.ts';
import { HostedPortfolio } from './hosted-portfolio.ts';
import type { LeaderClaim } from './leader-claim.ts';
import { RoundAnswers, type OwnPortfolio } from './round-answers.ts';
import { requestKey, unpackRequest } from './rounds.ts';
import { readPlans, sharePlans, type CommonPlans } from './shared-plans.ts';

/** One host of a search. */
export interface SearchingHost {
  readonly exchange: Exchange;
  readonly blocks: ArticleBlocks;
  readonly own: OwnPortfolio;
  readonly claim: LeaderClaim;
}

/**
 * Takes part in the search for plans until they are there: answers round after round for the articles of this host, and leads where it
 * falls to this host. Whoever leads anew asks from the first round on, which has been answered.
 * @param host that takes part
 * @param settings when to end
 * @param onStep told after each evaluation, on the host that leads
 * @returns what the search came to
 */
export async function searchPlans(
  host: SearchingHost,
  settings: CoordinationSettings,
  onStep: (step: CoordinationStep) => void,
): Promise<CommonPlans> {
  const { exchange, blocks, own, claim } = host;
  const answers = new RoundAnswers(exchange, blocks, own);
  for (let number = 1; ; number++) {
    const next = await exchange.until(
      async () =>
        (await readPlans(exchange)) ??
        (await exchange.read(requestKey(number))) ??
        ((await claim.look()) ? 'lead' : null),
      () => ({
        whom: `${claim.leader ?? blocks.workers[0]!}, which leads, in round ${number}`,
        ...{ done: number - 1, total: number },
      }),
      () => claim.sign,
    );
    if (next === 'lead') return lead(host, answers, settings, onStep);
    if (!(next instanceof Uint8Array)) return next;
    await answers.answer(number, unpackRequest(next));
  }
}

async function lead(
  { exchange, blocks, own }: SearchingHost,
  answers: RoundAnswers,
  settings: CoordinationSettings,
  onStep: (step: CoordinationStep) => void,
): Promise<CommonPlans> {
  const portfolio = new HostedPortfolio(exchange, blocks, own, answers);
  const { signal } = exchange;
  const found = await coordinate(portfolio, await loadHighs(), settings, { onStep, signal });
  await sharePlans(exchange, blocks, own.planOffsets, found);
  return found;
}
