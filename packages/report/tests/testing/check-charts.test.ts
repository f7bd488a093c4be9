import { expect, it } from 'vitest';
import { checkCharts, emptySections } from '../../src/testing/check-charts.ts';
import type { SeenPage } from '../../src/testing/look-at.ts';

const chart: SeenPage['charts'][number] = {
  ...{ title: 'Error', marks: 3, axes: ['error (share)', 'week'], rows: '12 rows', overlaps: [], cutOff: [] },
};
const whole: SeenPage = {
  ...{ complaints: [], headlineBottom: 100, width: 375, scrollWidth: 375, charts: [chart] },
  scrolling: [{ what: 'navigation', hasHint: true }],
  sections: [
    { title: 'Scores', isEmpty: false },
    { title: 'Hazard', isEmpty: true },
  ],
};

it('a page that is whole has no faults', () => {
  expect(checkCharts(whole)).toEqual([]);
  expect(emptySections(whole)).toEqual(['Hazard']);
});

it.each([
  [{ ...whole, complaints: ['asks for http://x'] }, 'asks for http://x'],
  [{ ...whole, scrollWidth: 400 }, 'scrolls sideways: 400 of 375 pixels'],
  [
    { ...whole, scrolling: [{ what: 'plain table', hasHint: false }] },
    'the plain table scrolls sideways, and does not show it',
  ],
  [{ ...whole, charts: [{ ...chart, marks: 0 }] }, 'Error: no marks'],
  [{ ...whole, charts: [{ ...chart, axes: [] }] }, 'Error: no title of an axis'],
  [{ ...whole, charts: [{ ...chart, axes: ['error'] }] }, 'Error: the axis error has no unit'],
  [{ ...whole, charts: [{ ...chart, rows: 'rows' }] }, 'Error: no number of rows in "rows"'],
  [{ ...whole, charts: [{ ...chart, overlaps: ['a / b'] }] }, 'Error: overlapping: a / b'],
  [{ ...whole, charts: [{ ...chart, cutOff: ['2026'] }] }, 'Error: cut off: 2026'],
])('of a page that is not, each fault is told: case %#', (page, fault) => {
  expect(checkCharts(page)).toEqual([fault]);
});
