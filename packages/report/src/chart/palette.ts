/** Colours by what they mean; the style sheet gives each a value in the light and in the dark. */
export const COLORS = {
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  grid: 'var(--grid)',
  first: 'var(--c1)',
  second: 'var(--c2)',
  third: 'var(--c3)',
  fourth: 'var(--c4)',
  truth: 'var(--truth)',
  good: 'var(--good)',
  warning: 'var(--warning)',
  bad: 'var(--bad)',
} as const;

const SERIES = [COLORS.first, COLORS.second, COLORS.third, COLORS.fourth];

/**
 * @param position of a series, 0 first
 * @returns its colour
 */
export function seriesColor(position: number): string {
  return SERIES[position % SERIES.length]!;
}
