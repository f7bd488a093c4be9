import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simulateMarket } from '@hemline/market-simulator';
import { hemline } from '../accuracy/hemline-command.ts';
import { CACHE } from '../harness/cache.ts';

/**
 * A simulated market that was priced, made once. It is made in its place: what a run writes down of itself names folders.
 * @param articles of the market, in 4 markets
 * @param seed of the market
 * @returns home of its runs
 */
export async function pricedMarket(articles: number, seed: number): Promise<string> {
  const folder = join(CACHE, `desk-market-${articles}-${seed}`);
  const home = join(folder, 'home');
  if (existsSync(join(folder, 'done'))) return home;
  await rm(folder, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const { observed } = await simulateMarket({ articles, seed, out: join(folder, 'market') });
  const data = ['--data', observed, '--cutoff', '2023-08-28'];
  await hemline(['train', 'demand-naive', '--set', 'method=mean', ...data], home);
  await hemline(['forecast', 'demand-naive', '--horizon', '8', '--discounts', '0:0.6:0.1', ...data], home);
  await hemline(['price'], home);
  await writeFile(join(folder, 'done'), '');
  return home;
}
