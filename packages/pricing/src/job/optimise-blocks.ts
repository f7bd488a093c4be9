import { limitsError } from '../limits/limit-problem.ts';
import type { PricingLimits } from '../limits/limits-schema.ts';
import type { DiscountGrid } from '@hemline/core';
import { OutputCommit, type Provenance, type Store } from '@hemline/stores';
import { COORDINATION_DEFAULTS, type CoordinationStep } from '../coordinator/coordinate.ts';
import { linkingProblems } from '../coordinator/linking-limits.ts';
import { portfolioOf, type PortfolioParts } from '../coordinator/thread-messages.ts';
import { ThreadedPortfolio } from '../coordinator/threaded-portfolio.ts';
import { blockName, type ArticleBlocks } from '../hosts/article-blocks.ts';
import { packSums, sumOfBlocks, sumOfTotals, type BlockSums } from '../hosts/block-sums.ts';
import type { Exchange } from '../hosts/exchange.ts';
import { joinChecks, joinInputs } from '../hosts/join-inputs.ts';
import { LeaderClaim } from '../hosts/leader-claim.ts';
import { pack, unpack } from '../hosts/packed-arrays.ts';
import { searchPlans } from '../hosts/search-plans.ts';
import { readBlockPlans, type CommonPlans } from '../hosts/shared-plans.ts';
import { compileRules, ruleProblems } from '../inputs/article-rules.ts';
import { pricingOnly } from '../inputs/article-table.ts';
import type { BadArticle } from '../inputs/bad-articles.ts';
import type { PricingSettings } from '../inputs/defaults.ts';
import { ProblemFiller } from '../inputs/fill-problem.ts';
import type { ForecastErrors } from '../inputs/offered-levels.ts';
import { limitsTable } from '../recommendations/limits-table.ts';
import { optimismShare } from '../recommendations/optimism.ts';
import { Recommender } from '../recommendations/recommend.ts';
import { checkLimitsMet, pricedLimits } from './priced-limits.ts';
import type { PricedFound, PricingSummary } from './pricing-summary.ts';
import type { PricingInputs } from './read-inputs.ts';
import { endTables, writePlans, type WrittenPlans } from './write-plans.ts';

/** What one host of several does its part of. */
export interface BlockWork {
  readonly store: Store;
  readonly exchange: Exchange;
  readonly blocks: ArticleBlocks;
  readonly provenance: Provenance;
  readonly limits: PricingLimits;
  readonly settings: PricingSettings;
  readonly minimumGain: number;
  readonly leaveOutBad: boolean;
  readonly discounts: DiscountGrid;
  readonly errors: ForecastErrors;
  /** Of the articles of this host. */
  readonly inputs: PricingInputs;
  /** Of this host; the result is the same. */
  readonly threads: number;
  readonly onStep: (step: CoordinationStep) => void;
  /** Told on every host. */
  readonly onAssumptions: (assumptions: readonly string[]) => void;
  /** @returns what is told of the plans */
  summaryOf(parts: SummaryParts): PricingSummary;
}

/** What a summary is made of. */
export interface SummaryParts {
  readonly priced: PricedFound;
  readonly totals: WrittenPlans['totals'];
  readonly limits: ReturnType<typeof pricedLimits>;
  readonly assumptions: readonly string[];
}

/**
 * Prices the articles of this host together with those of the others: reads of it what all must know, takes part in the search, writes the
 * tables of its blocks; the host that leads ends the output.
 * @param work of this host
 * @returns what the plans come to, on the host that leads
 * @throws FinishedElsewhere on the others, when the output is whole
 * @throws DataError that names the articles that cannot be priced, on every host
 */
export async function optimiseBlocks(work: BlockWork): Promise<PricingSummary> {
  const { exchange, blocks, threads, leaveOutBad, limits, inputs } = work;
  const { table, assumptions } = await joinInputs(exchange, blocks, inputs, work);
  work.onAssumptions(assumptions);
  const problems = [...ruleProblems(limits, table), ...linkingProblems(limits, table)];
  if (problems.length > 0) throw limitsError(limits.file, problems);
  const filler = new ProblemFiller(table, compileRules(limits, table), work.settings);
  filler.check(inputs.bad);
  const isPriced = (article: number): boolean => filler.isPriced(article);
  const planLength = (article: number): number => filler.planLength(article);
  const checked = await joinChecks(exchange, blocks, table, { bad: inputs.bad, isPriced, planLength });
  const leftOut = checked.bad.list(() => true);
  if (leftOut.length > 0 && (!leaveOutBad || leftOut.length === checked.priced))
    throw checked.bad.error(leftOut, checked.priced, limits.file);
  const planOffsets = new Float64Array(blocks.articles + 1);
  checked.planLengths.forEach((length, a) => (planOffsets[a + 1] = planOffsets[a]! + length));
  const { settings, minimumGain } = work;
  const parts: PortfolioParts = {
    ...{ table: pricingOnly(table, (a) => !checked.bad.has(a)), limits, settings, minimumGain },
    planned: null,
  };
  const portfolio = portfolioOf(parts, blocks.shareOf(exchange.host));
  const threaded = threads > 1 ? new ThreadedPortfolio(portfolio, parts, threads) : null;
  const claim = new LeaderClaim(exchange, blocks.workers);
  try {
    const own = { portfolio, solved: threaded ?? portfolio, planOffsets };
    const plans = await searchPlans({ exchange, blocks, own, claim }, COORDINATION_DEFAULTS, work.onStep);
    return await writeBlocks(work, { parts, plans, claim, leftOut, assumptions });
  } finally {
    await claim.release();
    await threaded?.close();
  }
}

/** What has been decided when tables are written. */
interface Decided {
  readonly parts: PortfolioParts;
  readonly plans: CommonPlans;
  readonly claim: LeaderClaim;
  readonly leftOut: readonly BadArticle[];
  readonly assumptions: readonly string[];
}

async function writeBlocks(work: BlockWork, decided: Decided): Promise<PricingSummary> {
  const { exchange, blocks, store, provenance, limits } = work;
  const { plans, claim, leftOut } = decided;
  const own = blocks.blocksOf(exchange.host);
  const table = await sumsOf(work, decided);
  const rows = pricedLimits(table.limits);
  // Every host comes to the same, and ends with the same error.
  checkLimitsMet(rows, { found: plans }, limits);
  const commit = await OutputCommit.open(store, provenance);
  const told = await exchange.told('written');
  for (const block of own) {
    if (told.has(blockKey('written', block))) continue;
    const { portfolio, found } = await blockOf(work, decided, block);
    const recommender = new Recommender(decided.parts.table, portfolio, found);
    const written = await writePlans(commit, provenance, recommender, `-${blockName(block)}`);
    await exchange.put(blockKey('written', block), pack({ told: written, arrays: [] }));
  }
  await exchange.until(
    async () => ((await claim.look()) ? true : null),
    () => ({ whom: `${claim.leader}, which ends the output`, done: 0, total: 1 }),
    () => claim.sign,
  );
  const written = (await gatherBlocks(work, 'written')).map((bytes) => unpack<WrittenPlans>(bytes).told);
  const end = await OutputCommit.open(store, provenance);
  for (const { files } of written) for (const file of files) end.add(file);
  const summary = work.summaryOf({
    ...{ priced: { found: plans, optimism: table.optimism, leftOut }, limits: rows },
    ...{ totals: sumOfTotals(written.map(({ totals }) => totals)), assumptions: decided.assumptions },
  });
  await endTables(end, provenance, { limits: table.limits, leftOut, summary });
  return summary;
}

/** The table limits and the optimism, which take the plans of all hosts. */
async function sumsOf(
  work: BlockWork,
  decided: Decided,
): Promise<{ readonly limits: ReturnType<typeof limitsTable>; readonly optimism: number }> {
  const { exchange, blocks } = work;
  const told = await exchange.told('sums');
  for (const block of blocks.blocksOf(exchange.host)) {
    if (told.has(blockKey('sums', block))) continue;
    const { portfolio, found } = await blockOf(work, decided, block);
    await exchange.put(blockKey('sums', block), packSums(portfolio, found));
  }
  const sums: BlockSums = sumOfBlocks(await gatherBlocks(work, 'sums'));
  const { linking } = portfolioOf({ ...decided.parts, table: pricingOnly(decided.parts.table, () => false) });
  return {
    limits: limitsTable(linking, decided.plans, sums.limits),
    optimism: optimismShare(sums.optimism),
  };
}

/** The articles of a block alone, and their plans. */
async function blockOf({ exchange, blocks }: BlockWork, { parts, plans }: Decided, block: number) {
  const { from, to } = blocks.share(block);
  const table = pricingOnly(parts.table, (a) => a >= from && a < to);
  return {
    portfolio: portfolioOf({ ...parts, table }),
    found: await readBlockPlans(exchange, blocks, block, plans),
  };
}

function gatherBlocks({ exchange, blocks }: BlockWork, stage: string): Promise<readonly Uint8Array[]> {
  return exchange.gather(
    stage,
    blocks.all.map((block) => ({ key: blockKey(stage, block), host: blocks.hostOf(block) })),
  );
}

function blockKey(stage: string, block: number): string {
  return `${stage}/block-${blockName(block)}`;
}
