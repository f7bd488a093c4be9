import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beta, gamma, normal } from '../../src/random/continuous.ts';
import { binomial, negativeBinomial, poisson } from '../../src/random/discrete.ts';
import { randomStream, STREAMS } from '../../src/random/stream.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

interface Case {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly edges: readonly number[];
  readonly shares: readonly number[];
  readonly limit: number;
}

const cases = JSON.parse(
  readFileSync(new URL('../golden/distributions.json', import.meta.url), 'utf8'),
) as Case[];

const SAMPLERS: Readonly<Record<string, (random: RandomGenerator, p: Case['parameters']) => number>> = {
  normal: (random) => normal(random),
  gamma: (random, { shape }) => gamma(random, shape!),
  beta: (random, { a, b }) => beta(random, a!, b!),
  poisson: (random, { mean }) => poisson(random, mean!),
  binomial: (random, { trials, probability }) => binomial(random, trials!, probability!),
  negativeBinomial: (random, { mean, size }) => negativeBinomial(random, mean!, size!),
};

const DRAWS = 20_000;

describe('distributions against SciPy', () => {
  it.each(cases.map((c) => [`${c.name} ${JSON.stringify(c.parameters)}`, c] as const))(
    '%s fills bins as expected',
    (_, { name, parameters, edges, shares, limit }) => {
      const random = randomStream(
        20_240,
        STREAMS.article,
        cases.findIndex((c) => c.name === name),
      );
      const counts = new Float64Array(shares.length);
      for (let i = 0; i < DRAWS; i++) {
        const drawn = SAMPLERS[name]!(random, parameters);
        const bin = edges.findIndex((edge) => drawn <= edge);
        counts[bin === -1 ? edges.length : bin]!++;
      }
      const chiSquare = shares.reduce(
        (sum, share, bin) => sum + (counts[bin]! - DRAWS * share) ** 2 / (DRAWS * share),
        0,
      );
      expect(chiSquare).toBeLessThan(limit);
    },
  );
});
