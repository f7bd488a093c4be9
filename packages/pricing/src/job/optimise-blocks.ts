import { limitsError } from '../limits/limit-problem.ts';
import type { PricingLimits } from '../limits/limits-schema.ts';
import type { DiscountGrid } from '@hemline/core';
import { OutputCommit, type Provenance, type Store } from '@hemline/stores';
import { COORDINATION_DEFAULTS, type CoordinationStep } from '../coordinator/coordinate.ts';
import { linkingProblems } from '../coordinator/linking-limits.ts';
import { portfolioOf, type PortfolioParts } from '../coordinator/thread-messages.ts';
import { ThreadedPortfolio } from '../coordinator/threaded-portfolio.ts';
import {
  articlesToExplore,
  choiceWith,
  explorationWorths,
  exploreArticles,
  type DrawnPlans,
  type ExplorablePlans,
  type ExplorePlansSettings,
} from '../explore/explore-plans.ts';
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
import { overridesTold } from './standing-overrides.ts';
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
  /** Null: nothing is explored. */
  readonly exploring: ExplorePlansSettings | null;
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
  /** Prices that people have fixed, of the articles of all hosts. */
  readonly placed: number;
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
  const { planned, overrides } = inputs;
  const joined = await joinInputs(exchange, blocks, inputs, work);
  const { table, placed } = joined;
  const assumptions = [...joined.assumptions, ...overridesTold(overrides?.prices.length ?? 0, placed)];
  work.onAssumptions(assumptions);
  const problems = [...ruleProblems(limits, table), ...linkingProblems(limits, table)];
  if (problems.length > 0) throw limitsError(limits.file, problems);
  const filler = new ProblemFiller(table, compileRules(limits, table), work.settings, planned);
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
    planned,
  };
  const portfolio = portfolioOf(parts, blocks.shareOf(exchange.host));
  const threaded = threads > 1 ? new ThreadedPortfolio(portfolio, parts, threads) : null;
  const claim = new LeaderClaim(exchange, blocks.workers);
  try {
    const own = { portfolio, solved: threaded ?? portfolio, planOffsets };
    const plans = await searchPlans({ exchange, blocks, own, claim }, COORDINATION_DEFAULTS, work.onStep);
    return await writeBlocks(work, { parts, plans, claim, leftOut, assumptions, placed });
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
  readonly placed: number;
}

async function writeBlocks(work: BlockWork, decided: Decided): Promise<PricingSummary> {
  const { exchange, blocks, store, provenance, limits } = work;
  const { plans, claim, leftOut } = decided;
  const own = blocks.blocksOf(exchange.host);
  // Plans that keep no limits are told as they are.
  const chosen = plans.choice.isFeasible ? await chosenToExplore(work, decided) : null;
  const { found, ...table } = await sumsOf(work, decided, chosen);
  const rows = pricedLimits(table.limits);
  // Every host comes to the same, and ends with the same error.
  checkLimitsMet(rows, { found }, limits);
  const commit = await OutputCommit.open(store, provenance);
  const told = await exchange.told('written');
  for (const block of own) {
    if (told.has(blockKey('written', block))) continue;
    const { plans, explored } = await blockOf(work, decided, block, chosen);
    const { portfolio, found } = { ...plans, ...explored };
    const recommender = new Recommender(decided.parts.table, portfolio, found, explored?.drawn);
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
    ...{ priced: { found, optimism: table.optimism, leftOut }, limits: rows, placed: decided.placed },
    ...{ totals: sumOfTotals(written.map(({ totals }) => totals)), assumptions: decided.assumptions },
  });
  await endTables(end, provenance, { limits: table.limits, leftOut, summary });
  return summary;
}

/** Which articles are explored: those of all hosts that are worth most; null where none are to be. */
async function chosenToExplore(work: BlockWork, decided: Decided): Promise<Uint32Array | null> {
  const { exchange, blocks, exploring } = work;
  if (exploring === null) return null;
  const told = await exchange.told('worths');
  for (const block of blocks.blocksOf(exchange.host)) {
    if (told.has(blockKey('worths', block))) continue;
    const { plans } = await blockOf(work, decided, block, null);
    const { worth, planned } = explorationWorths(plans, exploring);
    const { from, to } = blocks.share(block);
    await exchange.put(
      blockKey('worths', block),
      pack({ told: { planned }, arrays: [worth.slice(from, to)] }),
    );
  }
  const parts = (await gatherBlocks(work, 'worths')).map((bytes) => unpack<{ planned: number }>(bytes));
  const worth = new Float64Array(blocks.articles);
  parts.forEach(({ arrays }, block) => worth.set(arrays[0]!, blocks.share(block).from));
  const planned = parts.reduce((sum, part) => sum + part.told.planned, 0);
  return articlesToExplore({ worth, planned }, decided.parts.table, exploring);
}

/** The table limits and the optimism, which take the plans of all hosts; and what exploring makes of their sums. */
async function sumsOf(
  work: BlockWork,
  decided: Decided,
  chosen: Uint32Array | null,
): Promise<{
  readonly limits: ReturnType<typeof limitsTable>;
  readonly optimism: number;
  readonly found: CommonPlans;
}> {
  const { exchange, blocks } = work;
  const told = await exchange.told('sums');
  for (const block of blocks.blocksOf(exchange.host)) {
    if (told.has(blockKey('sums', block))) continue;
    const { plans, explored } = await blockOf(work, decided, block, chosen);
    await exchange.put(blockKey('sums', block), packSums(plans.portfolio, plans.found, explored));
  }
  const sums: BlockSums = sumOfBlocks(await gatherBlocks(work, 'sums'));
  const { linking } = portfolioOf({ ...decided.parts, table: pricingOnly(decided.parts.table, () => false) });
  const { choice } = decided.plans;
  const { use, cost } = sums.explored;
  const all = choice.use.map((before, r) => before + use[r]!);
  const found = chosen === null ? decided.plans : { ...decided.plans, choice: choiceWith(choice, all, cost) };
  return {
    ...{ found, limits: limitsTable(linking, found, sums.limits) },
    optimism: optimismShare(sums.optimism),
  };
}

/** The articles of a block alone, and their plans, as they are and with what is drawn of those that are chosen. */
async function blockOf(
  { exchange, blocks, exploring }: BlockWork,
  { parts, plans: common }: Decided,
  block: number,
  chosen: Uint32Array | null,
): Promise<{ readonly plans: ExplorablePlans; readonly explored: DrawnPlans | null }> {
  const { from, to } = blocks.share(block);
  const table = pricingOnly(parts.table, (a) => a >= from && a < to);
  const plans = {
    ...{ table, portfolio: portfolioOf({ ...parts, table }) },
    found: await readBlockPlans(exchange, blocks, block, common),
  };
  const own = chosen?.filter((a) => a >= from && a < to);
  const explored = own === undefined || exploring === null ? null : exploreArticles(plans, own, exploring);
  return { plans, explored };
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
