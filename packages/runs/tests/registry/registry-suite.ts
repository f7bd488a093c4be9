import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '@hemline/core';
import type { ModelRegistry } from '../../src/registry/model-registry.ts';
import { newVersion } from './new-version.ts';

/**
 * What every registry has to do.
 * @param name of the registry
 * @param fresh an empty one
 */
export function registrySuite(name: string, fresh: () => Promise<ModelRegistry>): void {
  describe(`registry ${name}`, () => {
    it('knows nothing at first', async () => {
      const registry = await fresh();
      expect(await registry.list()).toEqual([]);
      expect(await registry.list('demand-naive')).toEqual([]);
      expect(await registry.latestApproved('demand-naive')).toBeNull();
      await expect(registry.get('demand-naive', 1)).rejects.toThrow(
        /there is no version 1 of demand-naive.*a model that has been registered/,
      );
    });

    it('gives back what was registered, NaN and odd characters included', async () => {
      const registry = await fresh();
      const version = newVersion({
        metrics: { demandError: 0.1 + 0.2, demandBias: -1e-7, wape: NaN, worst: Infinity, least: -Infinity },
        lineage: {
          image: 'registry/hemline@sha256:0f',
          'features (JSON)': '{"lags":[1,52]} = "größer | ✓"',
          commit: 'b5f2c00',
        },
        reason: 'wape is NaN; expected < 1 | "100 % sure" = größer ✓',
        by: 'Zoë: of | O’Neil <zoe@example.com>',
      });
      const { token: _, status, by, reason, ...facts } = version;
      const registered = await registry.register(version);
      expect(registered).toMatchObject({ ...facts, version: 1, status });
      expect(registered.history).toEqual([{ at: expect.any(String) as string, status, by, reason }]);
      expect(registered.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(await registry.get('demand-naive', 1)).toEqual(registered);
      expect(await registry.list()).toEqual([registered]);
    });

    it('numbers the versions of each model and lists them in order', async () => {
      const registry = await fresh();
      for (const model of ['return-rate-average', 'demand-naive', 'demand-naive', 'return-rate-average'])
        await registry.register(newVersion({ model }));
      const all = await registry.list();
      expect(all.map(({ model, version }) => `${model} ${version}`)).toEqual([
        'demand-naive 1',
        'demand-naive 2',
        'return-rate-average 1',
        'return-rate-average 2',
      ]);
      expect(await registry.list('demand-naive')).toEqual(all.slice(0, 2));
    });

    it('gives the same version for the same token, whatever became of it', async () => {
      const registry = await fresh();
      const version = newVersion();
      await registry.register(version);
      await registry.register(newVersion());
      const decided = await registry.setStatus('demand-naive', 1, {
        status: 'approved',
        reason: 'looked at it',
        by: 'Zoe',
      });
      expect(await registry.register(version)).toEqual(decided);
      expect(await registry.list()).toHaveLength(2);
      // Of another model it is another registration.
      expect(await registry.register({ ...version, model: 'demand-transformer' })).toMatchObject({
        version: 1,
      });
    });

    it('finds the latest approved version, of a dataset too', async () => {
      const registry = await fresh();
      await registry.register(newVersion({ status: 'approved', dataset: 'a' }));
      await registry.register(newVersion({ status: 'approved', dataset: 'b' }));
      await registry.register(newVersion({ status: 'approved', dataset: 'a' }));
      await registry.register(newVersion({ status: 'pending', dataset: 'a' }));
      await registry.register(newVersion({ status: 'rejected', dataset: 'a' }));
      expect(await registry.latestApproved('demand-naive')).toMatchObject({ version: 3 });
      expect(await registry.latestApproved('demand-naive', 'b')).toMatchObject({ version: 2 });
      expect(await registry.latestApproved('demand-naive', 'c')).toBeNull();
      const change = { reason: 'forecasts half of what was sold', by: 'Zoe' };
      await registry.setStatus('demand-naive', 3, { status: 'rejected', ...change });
      expect(await registry.latestApproved('demand-naive', 'a')).toMatchObject({ version: 1 });
      await registry.setStatus('demand-naive', 4, { status: 'approved', ...change });
      expect(await registry.latestApproved('demand-naive', 'a')).toMatchObject({ version: 4 });
    });

    it('finds the approved version before one, of the same dataset', async () => {
      const registry = await fresh();
      for (const [status, dataset] of [
        ['approved', 'a'],
        ['approved', 'b'],
        ['rejected', 'a'],
        ['approved', 'a'],
      ] as const)
        await registry.register(newVersion({ status, dataset }));
      expect(await registry.latestApproved('demand-naive', 'a', 4)).toMatchObject({ version: 1 });
      expect(await registry.latestApproved('demand-naive', undefined, 4)).toMatchObject({ version: 2 });
      expect(await registry.latestApproved('demand-naive', 'a', 1)).toBeNull();
      expect(await registry.latestApproved('demand-naive', 'a', 99)).toMatchObject({ version: 4 });
    });

    it('keeps every decision with its reason', async () => {
      const registry = await fresh();
      await registry.register(newVersion());
      const reason = `${'because of the markets, and '.repeat(12)}so on`;
      await registry.setStatus('demand-naive', 1, { status: 'approved', reason: 'good', by: 'Zoe' });
      const version = await registry.setStatus('demand-naive', 1, { status: 'rejected', reason, by: 'Ann' });
      expect(version.status).toBe('rejected');
      expect(version.history.map(({ status, by, reason }) => [status, by, reason])).toEqual([
        ['pending', 'hemline run weekly-7', 'demandError is 0.5, at most 0.4 is required'],
        ['approved', 'Zoe', 'good'],
        ['rejected', 'Ann', reason],
      ]);
      expect(version.history.map(({ at }) => at)).toEqual(version.history.map(({ at }) => at).toSorted());
      expect(await registry.get('demand-naive', 1)).toEqual(version);
    });

    it('lists more than a page', async () => {
      const registry = await fresh();
      for (let i = 0; i < 12; i++) await registry.register(newVersion({ status: 'approved' }));
      expect((await registry.list('demand-naive')).map(({ version }) => version)).toEqual(
        Array.from({ length: 12 }, (_, i) => i + 1),
      );
      expect(await registry.latestApproved('demand-naive')).toMatchObject({ version: 12 });
    });

    it('names everything that is wrong, and registers nothing', async () => {
      const registry = await fresh();
      const wrong = newVersion({
        model: '../x',
        artifact: '/tmp/model',
        cutoff: '5.1.2026',
        dataset: '',
        by: ' ',
      });
      const failure = await registry.register(wrong).catch((error: Error) => error);
      expect(failure).toBeInstanceOf(ConfigurationError);
      for (const part of ['model:', 'artifact:', 'cutoff:', 'dataset:', 'by:'])
        expect((failure as Error).message).toContain(part);
      await registry.register(newVersion());
      const change = { status: 'approved', reason: '', by: 'Zoe' } as const;
      await expect(registry.setStatus('demand-naive', 1, change)).rejects.toThrow(
        /reason: expected a reason/,
      );
      await expect(registry.setStatus('demand-naive', 2, { ...change, reason: 'good' })).rejects.toThrow(
        /no version 2 of demand-naive.*a version from 1 to 1, found 2/,
      );
      await expect(registry.get('demand-naive', 0)).rejects.toThrow(ConfigurationError);
      await expect(registry.get('..', 1)).rejects.toThrow(/no name of a model/);
      expect(await registry.list()).toHaveLength(1);
    });
  });
}
