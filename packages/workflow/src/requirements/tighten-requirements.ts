import { ConfigurationError, listing } from '@hemline/core';
import type { Requirements } from './requirements.ts';

/**
 * Puts what a model's package asks for in place of the defaults, part by part. A package may ask for more, never for less: who wants a
 * version that does not meet the defaults approves it by hand, with a reason.
 * @param defaults of the quantity
 * @param declared by the package; a part that is missing is the default's
 * @param model whose they are, for the message
 * @returns the requirements that hold
 * @throws ConfigurationError that names every part that is looser, with both limits
 */
export function tightenRequirements(
  defaults: Requirements,
  declared: Requirements,
  model: string,
): Requirements {
  const looser: string[] = [];
  const atMost = (part: string, given: number, limit: number): void => {
    if (given > limit) looser.push(`${part} ${given}, at most ${limit}`);
  };
  const same = (part: string, given: string, wanted: string): void => {
    if (given !== wanted) looser.push(`${part} ${given}, only ${wanted}`);
  };
  for (const [metric, limit] of Object.entries(defaults.maximum ?? {}))
    atMost(`maximum.${metric}`, declared.maximum?.[metric] ?? limit, limit);
  if (defaults.bias !== undefined && declared.bias !== undefined) {
    same('bias.metric', declared.bias.metric, defaults.bias.metric);
    atMost('bias.most', declared.bias.most, defaults.bias.most);
    if (declared.bias.least < defaults.bias.least)
      looser.push(`bias.least ${declared.bias.least}, at least ${defaults.bias.least}`);
  }
  if (defaults.betterThan !== undefined && declared.betterThan !== undefined) {
    same('betterThan.model', declared.betterThan.model, defaults.betterThan.model);
    same('betterThan.metric', declared.betterThan.metric, defaults.betterThan.metric);
    atMost('betterThan.factor', declared.betterThan.factor ?? 1, defaults.betterThan.factor ?? 1);
  }
  if (defaults.monotone === true && declared.monotone === false) looser.push('monotone false, only true');
  if (defaults.approvedTolerance !== undefined && declared.approvedTolerance !== undefined) {
    const [given, limit] = [declared.approvedTolerance, defaults.approvedTolerance];
    same('approvedTolerance.metric', given.metric, limit.metric);
    atMost('approvedTolerance.relative', given.relative, limit.relative);
    atMost('approvedTolerance.standardErrors', given.standardErrors ?? 0, limit.standardErrors ?? 0);
  }
  if (looser.length > 0)
    throw new ConfigurationError(`the requirements of ${model} are looser than those of its quantity`, {
      expected: 'limits that are as strict or stricter',
      found: listing(looser, 20),
      remedy:
        'Tighten them. A version that does not meet the limits can be approved by hand: hemline models approve.',
    });
  return { ...defaults, ...declared, maximum: { ...defaults.maximum, ...declared.maximum } };
}
