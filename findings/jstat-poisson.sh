#!/usr/bin/env bash
# jstat 1.9.6: the Poisson distribution gives infinite probabilities from counts of about 143 on, and NaN from 171 on.
#
# Expected: P(X = 150) of a mean of 150 is 0.032555 and P(X <= 150) is 0.52170, as sums of exp(k log m - m - log k!) give them. Seen:
# Infinity for both and NaN for 200 of 200, without an error: powers and factorials are worked out as they stand and overflow. The
# negative binomial distribution of the same library is right for like counts. A service level over weeks of 150 units can so not be
# had, and one over weeks of 140 can.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '{"type":"module"}\n' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts jstat@1.9.6 >/dev/null

cat >poisson.mjs <<'JS'
import jstat from 'jstat';

const { jStat } = jstat;
const logFactorial = (k) => Array.from({ length: k }, (_, i) => Math.log(i + 1)).reduce((sum, x) => sum + x, 0);
const mass = (k, mean) => Math.exp(k * Math.log(mean) - mean - logFactorial(k));
const upTo = (k, mean) => Array.from({ length: k + 1 }, (_, i) => mass(i, mean)).reduce((sum, x) => sum + x, 0);
for (const [k, mean] of [[140, 140], [150, 150], [200, 200]])
  console.log(
    `count ${k} of mean ${mean}: pdf ${jStat.poisson.pdf(k, mean).toPrecision(5)} for ${mass(k, mean).toPrecision(5)},`,
    `cdf ${jStat.poisson.cdf(k, mean).toPrecision(5)} for ${upTo(k, mean).toPrecision(5)}`,
  );
console.log('negative binomial', jStat.negbin.cdf(500, 5, 0.01).toFixed(5));
JS

found=$(node poisson.mjs)
printf '%s\n' "$found"
expected='count 140 of mean 140: pdf 0.033697 for 0.033697, cdf 0.52246 for 0.52246
count 150 of mean 150: pdf Infinity for 0.032555, cdf Infinity for 0.52170
count 200 of mean 200: pdf NaN for 0.028198, cdf NaN for 0.51879
negative binomial 0.56915'
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
