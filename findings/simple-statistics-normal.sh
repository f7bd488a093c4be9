#!/usr/bin/env bash
# simple-statistics 7.12.1: the normal distribution has three to four digits, and none beyond 3.09.
#
# Expected: probit(0.975) is 1.95996 and P(X < 4) is 0.99997, to the digits of a number. Seen: probit is an approximation that is
# 0.003 off at 97.5 % and 0.013 at 0.01 %; the distribution function is looked up in a printed table of two decimals: 1.96 and 1.964 are
# alike, and everything from 3.1 on is 0.999, so that a service level of 99.95 % is never reached.
# jstat 1.9.6 gives all digits.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '{"type":"module"}\n' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts simple-statistics@7.12.1 jstat@1.9.6 >/dev/null

cat >normal.mjs <<'JS'
import jstat from 'jstat';
import { cumulativeStdNormalProbability, probit } from 'simple-statistics';

const { normal } = jstat.jStat;
for (const p of [0.0001, 0.5, 0.975, 0.999])
  console.log('quantile', p, probit(p).toFixed(4), 'jstat', normal.inv(p, 0, 1).toFixed(4));
for (const x of [1.96, 1.964, 3.09, 3.1, 4])
  console.log('below', x, cumulativeStdNormalProbability(x).toFixed(5), 'jstat', normal.cdf(x, 0, 1).toFixed(5));
JS

found=$(node normal.mjs)
printf '%s\n' "$found"
expected='quantile 0.0001 -3.7061 jstat -3.7190
quantile 0.5 0.0000 jstat -0.0000
quantile 0.975 1.9572 jstat 1.9600
quantile 0.999 3.0801 jstat 3.0902
below 1.96 0.97500 jstat 0.97500
below 1.964 0.97500 jstat 0.97523
below 3.09 0.99900 jstat 0.99900
below 3.1 0.99900 jstat 0.99903
below 4 0.99900 jstat 0.99997'
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
