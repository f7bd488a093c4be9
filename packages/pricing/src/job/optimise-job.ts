import { ConfigurationError, parseDiscountGrid, type TableName } from '@hemline/core';
import {
  codeVersion,
  createTelemetry,
  openDatasetFromChannels,
  peakMemoryBytes,
  runEntrypoint,
  runIdOf,
  tellPassedOver,
  validateInputs,
  type JobProcess,
} from '@hemline/runtime';
import {
  processingFacts,
  readProcessingContext,
  rootPaths,
  type ProcessingContext,
} from '@hemline/sagemaker';
import { openSource, openStore } from '@hemline/stores';
import { clearExchange } from '../hosts/exchange.ts';
import { PRICING_DEFAULTS } from '../inputs/defaults.ts';
import { NO_LIMITS, type PricingLimits } from '../limits/limits-schema.ts';
import { parseLimits } from '../limits/parse-limits.ts';
import { claimWithDecisions, overrideSettings } from './claim-with-decisions.ts';
import { readForecastSet } from './forecast-set.ts';
import {
  DEFAULT_ARTICLES_OF_BLOCK,
  OPTIMISE_HELP,
  parseOptimiseArguments,
  type OptimiseArguments,
} from './optimise-arguments.ts';
import { forecastOrigins, givenFile, pricingProvenance, type GivenFile } from './pricing-origin.ts';
import { finishedSummary, type PricingSummary } from './pricing-summary.ts';
import { priceOnHosts, type PricingTask } from './price-on-hosts.ts';

/** Tables that pricing reads where they are there; `weekly` always. */
const TABLES: readonly TableName[] = ['weekly', 'articles', 'markets'];

/**
 * The entrypoint of a processing job that prices a run's forecasts: reads the root and the arguments, leaves recommendations, and sets
 * the exit code. It knows forecasts by their columns, and no model.
 */
export async function optimise(): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    process.stdout.write(`${OPTIMISE_HELP}\n`);
    return;
  }
  const environment = process.env;
  const telemetry = createTelemetry(await processingFacts('pricing', environment), environment);
  await runEntrypoint(
    { telemetry, reasonPath: rootPaths(environment).message, tellsExitCode: true },
    async (signal) => void (await runOptimise(argv, { environment, signal, telemetry })),
  );
}

/**
 * One such job, from a root to committed tables. What an earlier start of it has finished is not done again; one that was ended in the
 * middle comes to the same when it is started again.
 * @param argv arguments without node and script
 * @param job environment, signal, telemetry
 * @returns what the plans come to
 * @throws ConflictError when another optimiser has priced there from other inputs
 * @throws ConfigurationError for limits that are wrong, contradict each other, or cannot be met by any plan
 * @throws HemlineError for everything else that is foreseen
 */
export async function runOptimise(argv: readonly string[], job: JobProcess): Promise<PricingSummary> {
  const { environment, signal, telemetry } = job;
  const given = parseOptimiseArguments(argv, environment);
  const context = await readProcessingContext(environment);
  checkInputs(context, given);
  // Wrong limits are told before anything is read that takes its time.
  const { limits, file } = await readLimits(given.limits);
  const set = await readForecastSet(given.forecasts, signal);
  if (set.modelChoice !== null) telemetry.warn(set.modelChoice);
  const { run, forecasts } = set;
  const { articlesOfBlock, leaveOutBad, explore } = given;
  const settings = {
    ...{ ...PRICING_DEFAULTS, minimumGain: given.minimumGain, required: given.required },
    ...(leaveOutBad ? { leaveOutBad } : {}),
    ...(articlesOfBlock === DEFAULT_ARTICLES_OF_BLOCK ? {} : { articlesOfBlock }),
    ...(explore === null ? {} : { explore }),
  };
  const output = outputOf(context, given);
  const store = await openStore(output);
  const { origin, overrides, isClaimed } = await claimWithDecisions(store, {
    ...{ decisions: given.decisions, run, weeks: set.weeks },
    onLater: (count) =>
      telemetry.warn(
        `${count} segments of decisions came after this pricing began: they are heeded by the next one`,
      ),
    originOf: (fixed) => ({
      ...{ run, forecasts: forecastOrigins(forecasts), dataset: set.dataset },
      ...{ limits: file, plan: null, decisions: fixed?.source ?? null },
      settings: { ...settings, ...overrideSettings(fixed) },
    }),
  });
  if (isClaimed) {
    const finished = await finishedSummary(store);
    if (finished !== null) {
      telemetry.info(`${run} is priced from these very inputs: nothing is left to do`, { output });
      await clearExchange(store);
      tellMetrics(job, finished);
      return finished;
    }
    telemetry.info('another start was at it, from the same inputs: what it has committed stays', { output });
  }
  const dataset = await openDatasetFromChannels(
    Object.fromEntries(Object.values(context.inputs).map(({ name, directory }) => [name, directory])),
  );
  tellPassedOver(dataset, telemetry);
  await validateInputs(dataset, TABLES, {
    ...{ environment, signal, onProgress: (event) => telemetry.progress(event) },
  });
  const provenance = pricingProvenance(origin, codeVersion(environment), runIdOf({ environment, context }));
  const task: PricingTask = {
    ...{ job, given, set, dataset, limits, settings, origin, provenance, store, hosts: context.hosts },
    ...{ overrides, exploring: explore === null ? null : { ...explore, experiment: run } },
    discounts: parseDiscountGrid(set.discounts),
  };
  const { summary, isOurs } = await priceOnHosts(task);
  if (isOurs) {
    tellMetrics(job, summary);
    telemetry.info('priced', { articles: summary.articles, gain: summary.gain, output });
  } else telemetry.info('priced, together with the other hosts', { output });
  telemetry.metric('peak_memory_mib', Math.round(peakMemoryBytes() / 2 ** 20));
  return summary;
}

function tellMetrics({ telemetry }: JobProcess, summary: PricingSummary): void {
  const { articles, changed, profit, heldProfit, gain, optimism, gap, overrides, exploration } = summary;
  const told = { profit, heldProfit, gain, optimism, gap, articles, changed, overrides };
  const explored =
    exploration === undefined
      ? {}
      : { exploredArticles: exploration.articles, explorationCost: exploration.cost };
  for (const [name, value] of Object.entries({ ...told, ...explored })) telemetry.metric(name, value);
}

/** Whatever the host, it picks the rows of its articles by itself: files are sharded by market as often as by article. */
function checkInputs({ hosts, inputs }: ProcessingContext, { output }: OptimiseArguments): void {
  if (hosts.all.length > 1 && output === null)
    throw new ConfigurationError('several hosts have no place to meet', {
      expected: '--output with a folder or s3://bucket/prefix that all hosts see',
      found: `hosts ${hosts.all.join(', ')}, and an output of each`,
      remedy: 'Give --output.',
    });
  const torn = Object.values(inputs).filter(({ sharded }) => sharded);
  if (torn.length > 0)
    throw new ConfigurationError('an input is sharded that is needed whole', {
      expected: 'S3DataDistributionType FullyReplicated',
      found: `ShardedByS3Key for ${torn.map(({ name }) => name).join(', ')}`,
      remedy: 'Replicate all inputs.',
    });
}

function outputOf({ outputs }: ProcessingContext, { output }: OptimiseArguments): string {
  const found = output ?? outputs['recommendations'];
  if (found !== undefined) return found;
  throw new ConfigurationError('the job lacks an output', {
    expected: 'an output named recommendations, or --output',
    found: Object.keys(outputs).join(', ') || 'none',
  });
}

async function readLimits(
  place: string | null,
): Promise<{ readonly limits: PricingLimits; readonly file: GivenFile | null }> {
  if (place === null) return { limits: NO_LIMITS, file: null };
  const source = await openSource(place);
  const bytes = await source.read({ start: 0, end: source.size }).finally(() => source.close());
  return {
    limits: parseLimits(new TextDecoder().decode(bytes), place),
    file: givenFile(place, bytes),
  };
}
