import { expect, it } from 'vitest';
import { MONITOR_DEFAULTS, type MonitorResult } from '@hemline/hemline';
import { monitorText } from '../../src/terminal/monitor-text.ts';

const result = (demandBias: number): MonitorResult => ({
  from: '2026-01-05',
  until: '2026-01-26',
  settings: MONITOR_DEFAULTS,
  models: [
    {
      ...{ model: 'demand-naive', rows: 120, metrics: { demandError: 0.5, demandBias } },
      ...{
        past: { forecasts: 3, weeks: 0 },
        approvedError: null,
        errorDrift: null,
        earlierError: null,
        versions: [],
        scores: [],
        segments: [],
      },
    },
  ],
  data: { features: [], discountPsi: 0.43 },
  found: false,
  beyondLimits: [],
  waitingFor: null,
});

it('says how far the forecasts in use were off where the tests found nothing, and that this is no all-clear', () => {
  expect(monitorText(result(-0.239))).toMatch(/No change beyond chance.*a short past hides changes/s);
  expect(monitorText(result(-0.239))).toContain(
    'demand-naive: the forecasts in use were 23.9 % too low in all (120 rows).',
  );
  expect(monitorText(result(0.5))).toContain('50.0 % too high');
  expect(monitorText(result(NaN))).toContain('not known');
});
