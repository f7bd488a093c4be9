import { MemoryArtifact } from '@hemline/evaluation/testing';
import { createDataset, train } from '@hemline/lightgbm';
import { expect, it } from 'vitest';
import { Ensemble } from '../src/ensemble.ts';
import { isLogarithmic, MEMBERS, ratioOf, startScore } from '../src/objectives.ts';

const ROWS = 400;
const columns = [Float32Array.from({ length: ROWS }, (_, i) => i % 20)];
/** Demand over the level by the past alone. */
const start = Float64Array.from({ length: ROWS }, (_, i) => 1 + (i % 3));

/** Trees that know nothing of where they begin. */
async function textOf(): Promise<string> {
  const label = Float32Array.from(columns[0]!, (value) => (value < 10 ? 0 : 0.2));
  const parameters = { objective: 'regression', boost_from_average: false, num_threads: 1, verbosity: -1 };
  using data = await createDataset({ columns }, { parameters, label });
  using booster = await train({ data, parameters, rounds: 5 });
  return booster.toText();
}

const text = await textOf();
const votesFor = (shares: readonly number[]): { rounds: number[]; shares: readonly number[] } => ({
  rounds: shares.map(() => 5),
  shares,
});
const alone = (k: number): Float64Array =>
  new Ensemble(
    MEMBERS.map(() => text),
    votesFor(MEMBERS.map((_, i) => (i === k ? 1 : 0))),
  ).predict(columns, start);

it('has members that begin at demand at the price, and others that begin at the level, whatever the price', () => {
  for (const [k, member] of MEMBERS.entries()) {
    const ratios = alone(k);
    // Rows 0 and 60 have the same features and begin elsewhere but for the level; rows 0 and 20 at 1 and 3.
    const isApart = Math.abs(ratios[20]! - ratios[0]!) > 0.5;
    expect(isApart).toBe(member.beginsAt === 'price');
    expect(ratios[60]).toBe(ratios[0]);
    if (member.beginsAt === 'level')
      expect(startScore(member, 3)).toBe(isLogarithmic(member.objective) ? 0 : 1);
    else expect(ratioOf(member.objective, startScore(member, 3))).toBeCloseTo(3, 12);
  }
  expect(new Set(MEMBERS.map(({ beginsAt }) => beginsAt)).size).toBe(2);
});

it('forecasts the mean of its members by their shares', () => {
  const shares = MEMBERS.map((_, k) => (k + 1) / 10);
  const mean = new Ensemble(
    MEMBERS.map(() => text),
    votesFor(shares),
  ).predict(columns, start);
  const expected = shares.reduce((sum, share, k) => sum + share * alone(k)[7]!, 0);
  expect(mean[7]).toBeCloseTo(expected, 12);
});

it('is the same after save and load, also with the three members that there once were', async () => {
  for (const count of [MEMBERS.length, 3]) {
    const ensemble = new Ensemble(
      Array.from({ length: count }, () => text),
      votesFor(Array.from({ length: count }, () => 1 / count)),
    );
    const artifact = new MemoryArtifact();
    await ensemble.save(artifact);
    const loaded = await Ensemble.load(artifact);
    expect(loaded.texts).toHaveLength(count);
    expect(loaded.predict(columns, start)).toEqual(ensemble.predict(columns, start));
  }
});
