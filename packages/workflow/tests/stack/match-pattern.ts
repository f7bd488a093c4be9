/**
 * Whether an event matches a pattern of EventBridge, as far as the patterns of this package go: fields that are lists of texts,
 * `{suffix}`, `{prefix}` and `{wildcard}`.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @param pattern of a rule
 * @param event to match
 * @returns whether every field of the pattern is met
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((each) => matchesValue(each, event));
  if (typeof pattern !== 'object' || pattern === null) return false;
  return Object.entries(pattern).every(
    ([field, wanted]) =>
      typeof event === 'object' &&
      event !== null &&
      matchesPattern(wanted, (event as Record<string, unknown>)[field]),
  );
}

function matchesValue(wanted: unknown, found: unknown): boolean {
  if (typeof wanted === 'string') return wanted === found;
  if (typeof wanted !== 'object' || wanted === null || typeof found !== 'string') return false;
  const { prefix, suffix, wildcard } = wanted as Record<string, string | undefined>;
  if (prefix !== undefined) return found.startsWith(prefix);
  if (suffix !== undefined) return found.endsWith(suffix);
  if (wildcard === undefined) return false;
  const parts = wildcard.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(found);
}
