import { simulateMarket, type MarketOptions } from '@hemline/market-simulator';
import type { WorkOptions } from '../work-options.ts';

/** What market is simulated. */
export type SimulateOptions = Omit<MarketOptions, 'onProgress' | 'signal'> & WorkOptions;
/** Where it lies. */
export type SimulateResult = Awaited<ReturnType<typeof simulateMarket>>;

/**
 * Writes a synthetic fashion market with known demand curves: `observed/` for models, `truth/` for judging them.
 * @param options folder, articles, markets, weeks, seed
 * @returns where it lies, and whether it was there already
 * @throws ConfigurationError when something else is in the folder
 */
export function simulate({ onProgress, ...options }: SimulateOptions): Promise<SimulateResult> {
  return simulateMarket({ ...options, onProgress: (event) => onProgress?.('simulate', event) });
}
