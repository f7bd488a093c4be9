import { expect, test } from 'vitest';
import { findHopeless } from '../../src/comparison/successive-elimination.ts';
import { SeededRandom } from '../../src/testing/synthetic/random.ts';

const options = { confidence: 0.99, contenders: 3, looks: 2 };

test('who is clearly worse than the leader is given up; who may be as good is kept', () => {
  const contenders = [
    { name: 'good', scores: [0.5, 0.6, 0.55, 0.58] },
    { name: 'alike', scores: [0.52, 0.57, 0.56, 0.6] },
    { name: 'hopeless', scores: [0.9, 1.01, 0.95, 0.985] },
  ];
  const given = findHopeless(contenders, options);
  expect(given).toMatchObject([
    { name: 'hopeless', leader: 'good', comparison: { verdict: 'worse', pairs: 4 } },
  ]);
  expect(findHopeless(contenders.slice(0, 1), options)).toEqual([]);
});

test('one cutoff gives nobody up', () => {
  const contenders = [
    { name: 'good', scores: [0.1] },
    { name: 'bad', scores: [9] },
  ];
  expect(findHopeless(contenders, options)).toEqual([]);
});

/** Races of five, the others worse than the first by so many deviations of the noise: how often who is lost. */
function raceOften(worseBy: number): { lostBest: number; lostOthers: number } {
  const random = new SeededRandom(17);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const all = [0, 1, 2, 3, 4];
  const races = 1000;
  const lost = all.map(() => 0);
  for (let race = 0; race < races; race++) {
    const scores = all.map((each) => Array.from({ length: 5 }, () => (each === 0 ? 0 : worseBy) + normal()));
    let left = all;
    for (const seen of [3, 4, 5]) {
      const contenders = left.map((each) => ({ name: String(each), scores: scores[each]!.slice(0, seen) }));
      const given = findHopeless(contenders, { confidence: 0.9, contenders: 5, looks: 3 });
      left = left.filter((each) => !given.some(({ name }) => Number(name) === each));
    }
    for (const each of all) if (!left.includes(each)) lost[each]! += 1;
  }
  const others = lost.slice(1).reduce((sum, each) => sum + each, 0);
  return { lostBest: lost[0]! / races, lostOthers: others / races / 4 };
}

test('the best of a race is lost no oftener than stated, and who is far off is given up', () => {
  expect(raceOften(0).lostBest).toBeLessThan(0.1);
  expect(raceOften(0.5).lostBest).toBeLessThan(0.1);
  const far = raceOften(8);
  expect(far.lostBest).toBe(0);
  expect(far.lostOthers).toBeGreaterThan(0.8);
});
