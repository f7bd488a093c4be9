/** What becomes of an event. All after the first two are conflicts: the event changes nothing, and is told. */
export const VERDICTS = [
  'applied',
  'unchanged',
  'shop-is-newer',
  'proposal-is-newer',
  'nothing-proposed',
  'changed-since',
  'not-as-proposed',
  'week-is-over',
] as const;
/** One of {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number];

/** Conflicts in words. */
export const CONFLICT_WORDS: Readonly<Record<Exclude<Verdict, 'applied' | 'unchanged'>, string>> = {
  'shop-is-newer': 'the shop has a price that is newer than this',
  'proposal-is-newer': 'a proposal of a later pricing is there',
  'nothing-proposed': 'nothing is proposed for it',
  'changed-since': 'it has been decided otherwise since the version that is named',
  'not-as-proposed':
    'another discount is proposed than the one approved; to set a price of your own, override it',
  'week-is-over': 'its outcome is known already',
};

/**
 * @param verdict of an event
 * @returns whether the event contradicts what is known
 */
export function isConflict(verdict: Verdict): verdict is keyof typeof CONFLICT_WORDS {
  return verdict !== 'applied' && verdict !== 'unchanged';
}
