import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatWeek } from '@hemline/core';
import { beginPlay } from '../../src/play/market-play.ts';
import { simulateMarket } from '../../src/simulate-market.ts';
import type { PlayOptions } from '../../src/play/play-options.ts';
import { checksums } from '../read-simulation.ts';
import { WORLDS } from './worlds.ts';

const scratch = mkdtempSync(join(tmpdir(), 'market-planner-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const MARKET: PlayOptions = { articles: 40, markets: 2, seed: 5, weeks: 60 };

describe('the play of the planner itself', () => {
  it.each(WORLDS)('gives the very bytes of a simulation with a history as long: %s', async (name, world) => {
    const simulated = join(scratch, `${name}-simulated`);
    const { observed } = await simulateMarket({
      ...MARKET,
      ...world,
      weeks: 80,
      planWeeks: 24,
      out: simulated,
    });
    const play = beginPlay({ ...MARKET, ...world, played: 20, runOut: 24, planWeeks: 24 });
    while (play.weeksLeft > 0) {
      play.price(play.situation().plannerLevel);
      // Whoever looks does not disturb.
      if (play.weeksLeft === 9) await play.observe(join(scratch, `${name}-early`));
      if (play.weeksLeft === 5) play.truth(10);
    }
    const played = join(scratch, `${name}-played`);
    await play.observe(played);
    expect(checksums(played)).toEqual(checksums(observed));
    expect(formatWeek(play.week)).toBe('2023-04-17');
  });
});
