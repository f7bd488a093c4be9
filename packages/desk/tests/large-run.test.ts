import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ArticleAnswer, Decided, LimitsAnswer, Preview, Row, RowsAnswer } from '../src/api/index.ts';
import { serveDesk, type ServedDesk } from '../src/server/serve-desk.ts';
import { DeskClient } from './desk-client.ts';
import { HEMLINE, pricedMarket, type PricedMarket } from './priced-market.ts';

let market: PricedMarket;
beforeAll(async () => {
  market = await pricedMarket({ articles: 20 });
}, 180_000);
afterAll(() => rm(market.folder, { recursive: true, force: true }));

/** What a desk tells; it is closed again, since there is one desk of a dataset at a time. */
async function told<T>(mostBytes: number | undefined, ask: (client: DeskClient) => Promise<T>): Promise<T> {
  const served: ServedDesk = await serveDesk({
    ...{ home: market.home, person: 'ann', mostBytes },
    hemline: { program: process.execPath, args: [HEMLINE] },
  });
  try {
    return await ask(await DeskClient.enter(served.port, new URL(served.url).searchParams.get('token')!));
  } finally {
    await served.close();
  }
}

const LIST = { filter: {}, sort: { by: 'article', descending: false }, offset: 0, count: 500 };
const near = (values: readonly (number | null)[]): unknown[] =>
  values.map((value) => (value === null ? null : (expect.closeTo(value, 4) as unknown)));

it(
  'tells the same of an article whose forecasts are read when it is asked for',
  { timeout: 180_000 },
  async () => {
    const ask = async (client: DeskClient) => {
      const { rows } = await client.get<RowsAnswer>('/api/rows', LIST);
      const row = rows.find(({ recommended }) => recommended === 0)!;
      const overrule = (each: Row) => ({
        targets: { rows: [{ article: each.article, market: each.market }] },
        ...{ weeks: 'first', action: { kind: 'overrule', discount: 0.04 }, reason: 'brand' },
      });
      return {
        article: await client.get<ArticleAnswer>(`/api/article/${encodeURIComponent(row.article)}`),
        preview: await client.post<Preview>('/api/preview', overrule(row)),
        limits: await client.get<LimitsAnswer>('/api/limits'),
        decide: () => client.post<Decided>('/api/decisions', overrule(row)),
      };
    };
    const whole = await told(undefined, ask);
    const [part, after] = await told(0, async (client) => {
      const answers = await ask(client);
      const { cost } = await answers.decide();
      expect(cost).toBeCloseTo(answers.preview.cost!, 6);
      return [answers, await client.get<LimitsAnswer>('/api/limits')] as const;
    });
    expect(whole.preview.cost).not.toBeNull();
    expect(part.preview.cost).toBeCloseTo(whole.preview.cost!, 6);
    const now = ({ limits }: Pick<Preview, 'limits'>) => limits.map((limit) => limit.now);
    expect(now(part.preview)).toEqual(near(now(whole.preview)));
    expect(now(part.limits)).toEqual(near(now(whole.limits)));
    // What was decided counts among the limits, as it did in the preview.
    expect(now(after)).toEqual(near(now(part.preview)));
    expect(now(after)).not.toEqual(near(now(part.limits)));
    const curves = ({ markets }: ArticleAnswer) => markets.map(({ curve, plan }) => ({ curve, plan }));
    expect(curves(part.article)[0]!.curve.discounts.length).toBeGreaterThan(0);
    const withoutRefusals = (answer: ArticleAnswer) =>
      curves(answer).map(({ curve: { refusals: _, ...curve }, plan }) => ({ curve, plan }));
    expect(withoutRefusals(part.article)).toEqual(withoutRefusals(whole.article));
    expect(part.article.stock).toEqual(whole.article.stock);
  },
);
