import { describe, expect, it } from 'vitest';
import { handleStep, type StepRequest } from '../../src/functions/handle.ts';
import type { StepServices } from '../../src/functions/step-services.ts';

/** What a step tells, by metric, workflow and value. */
async function told(request: StepRequest): Promise<{ told: unknown[]; answer: unknown }> {
  const metrics: unknown[] = [];
  const answer = await handleStep(request, {
    now: () => new Date('2026-01-05T20:00:00Z'),
    metric: (name, value, { workflow }) => metrics.push([name, workflow, value]),
  } as Partial<StepServices> as StepServices);
  return { told: metrics, answer };
}

describe('the watch over runs', () => {
  it('counts those that are past their deadline, and says where there is none', async () => {
    const running = {
      weekly: ['2026-01-05T07:59:59.999Z', '2026-01-05T08:00:00.000Z', '2026-01-03T04:00:00Z'],
      training: ['2026-01-05T19:00:00.123Z'],
      backtest: [],
    };
    expect(await told({ action: 'overdue', deadlineHours: 12, running })).toEqual({
      told: [
        ['OverdueRuns', 'weekly', 2],
        ['OverdueRuns', 'training', 0],
        ['OverdueRuns', 'backtest', 0],
      ],
      answer: { weekly: 2, training: 0, backtest: 0 },
    });
  });
});

describe('a message that could not be sent', () => {
  it('is a metric, and its reason stays in the execution', async () => {
    const failure = { Error: 'Sns.KmsAccessDeniedException', Cause: 'no' };
    expect(await told({ action: 'untold', workflow: 'weekly', failure })).toEqual({
      told: [['UntoldRuns', 'weekly', 1]],
      answer: failure,
    });
  });
});
