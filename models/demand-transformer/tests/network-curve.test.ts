import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logNetworkDemand, NETWORK_SLOPES, reachOf } from '../src/network-curve.ts';

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

it("the network's demand never falls as the discount rises, whatever its output", () => {
  const output = fc
    .tuple(
      number(-1e3, 1e3),
      fc.array(number(0, 1e3), { minLength: NETWORK_SLOPES, maxLength: NETWORK_SLOPES }),
    )
    .map(([level, slopes]) => Float32Array.of(level, ...slopes));
  const discounts = fc.uniqueArray(number(0, 0.99), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(output, number(-50, 50), discounts, (numbers, position, levels) => {
      const logs = levels
        .sort((a, b) => a - b)
        .map((discount) => logNetworkDemand(numbers, 0, position, discount));
      for (let i = 1; i < logs.length; i++) expect(logs[i]).toBeGreaterThanOrEqual(logs[i - 1]!);
    }),
    { numRuns: 1000 },
  );
});

it('price and discount count alike: the elasticity is the sum of both', () => {
  const output = new Float32Array(3 + NETWORK_SLOPES).fill(0.5, 2);
  output[1] = 2;
  for (const discount of [0, 0.1, 0.3, 0.6])
    expect(logNetworkDemand(output, 1, 0, discount)).toBeCloseTo(2 - 2 * 0.5 * Math.log(1 - discount), 6);
});

it('nothing is reached at the usual price', () => {
  for (let k = 0; k < NETWORK_SLOPES; k++) expect(reachOf(0, 0, k)).toBeCloseTo(0, 12);
});
