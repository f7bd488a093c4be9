export { checkCharts, emptySections } from './check-charts.ts';
export { BROWSER, lookAt, type SeenPage } from './look-at.ts';
