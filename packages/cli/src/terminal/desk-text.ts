import type { RunReport } from '@hemline/hemline';

/**
 * @param report of a run
 * @returns how its recommendations are opened in the browser; null where it has none
 */
export function deskText(report: Pick<RunReport, 'run' | 'recommendations'>): string | null {
  if (report.recommendations === null) return null;
  return `The pricing desk shows these recommendations, to be approved or overruled:\n  npx hemline desk ${report.run} --open`;
}
