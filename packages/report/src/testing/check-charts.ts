import type { SeenPage } from './look-at.ts';

/**
 * What is wrong with the charts of a page, each as a line: a chart without marks, without axes that say their unit or without its
 * number of rows, texts that overlap or are cut off; a page that complains or
 * scrolls sideways, and parts of it that do without showing it.
 * @param seen page
 * @returns the faults; empty of a page that is whole
 */
export function checkCharts(seen: SeenPage): string[] {
  const faults = [...seen.complaints];
  if (seen.scrollWidth > seen.width)
    faults.push(`scrolls sideways: ${seen.scrollWidth} of ${seen.width} pixels`);
  for (const { what, hasHint } of seen.scrolling)
    if (!hasHint) faults.push(`the ${what} scrolls sideways, and does not show it`);
  for (const { title, marks, axes, rows, overlaps, cutOff } of seen.charts) {
    const expect = (isRight: boolean, fault: string): void => {
      if (!isRight) faults.push(`${title}: ${fault}`);
    };
    expect(marks > 0, 'no marks');
    expect(axes.length > 0, 'no title of an axis');
    for (const axis of axes) expect(/\(.+\)|week/.test(axis), `the axis ${axis} has no unit`);
    expect(/\d/.test(rows), `no number of rows in "${rows}"`);
    for (const texts of overlaps) expect(false, `overlapping: ${texts}`);
    for (const text of cutOff) expect(false, `cut off: ${text}`);
  }
  return faults;
}

/**
 * @param seen page
 * @returns titles of the sections that have nothing to show
 */
export function emptySections({ sections }: SeenPage): string[] {
  return sections.filter(({ isEmpty }) => isEmpty).map(({ title }) => title);
}
