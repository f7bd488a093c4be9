import { describe, expect, it } from 'vitest';
import { begin, type ArrivalEvent, type BeginRequest } from '../../src/functions/begin.ts';
import type { MetricName, RunFiles, StepServices } from '../../src/functions/step-services.ts';
import { DEFAULT_ALERTS, DEFAULT_PARAMETERS } from '../../src/declaration/declaration.ts';

const NOW = new Date('2026-01-05T20:00:00Z');

/**
 * What every place for the small files of a run must do, and what the first step makes of it.
 * @param name of the place
 * @param open a fresh one: its files, and the URI of its artifacts
 * @param inTurn whether writers take turns: for a server that, unlike S3, looks first and writes then
 */
export function runFilesSuite(
  name: string,
  open: () => Promise<{ files: RunFiles; artifacts: string }>,
  inTurn = false,
): void {
  const all = async <T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> => {
    if (!inTurn) return Promise.all(tasks.map((task) => task()));
    const results: T[] = [];
    for (const task of tasks) results.push(await task());
    return results;
  };
  const servicesOf = async (
    now = NOW,
  ): Promise<{ services: StepServices; told: [MetricName, unknown][] }> => {
    const told: [MetricName, unknown][] = [];
    const services: StepServices = {
      ...(await open()),
      registry: {
        register: () => Promise.reject(new Error('nothing is registered here')),
        latestApproved: () => Promise.resolve(null),
        get: () => Promise.reject(new Error('nothing is registered here')),
        setStatus: () => Promise.reject(new Error('nothing is registered here')),
      },
      now: () => now,
      metric: (metric, _value, dimensions) => told.push([metric, dimensions]),
    };
    return { services, told };
  };
  const arrival = (version: string): ArrivalEvent => ({
    detail: {
      bucket: { name: 'data' },
      object: { key: 'weeks/2026-01-05/_SUCCESS', 'version-id': version },
    },
  });
  const request = (execution: string, input: BeginRequest['input']): BeginRequest => ({
    workflow: 'weekly',
    execution,
    input,
    defaults: DEFAULT_PARAMETERS,
    alerts: DEFAULT_ALERTS,
    works: true,
  });

  describe(`files of a run ${name}`, () => {
    it('are read, written over, written once, and listed in pages', async () => {
      const { files, artifacts } = await open();
      const at = (key: string): string => `${artifacts}${key}`;
      expect(await files.read(at('no/such.json'))).toBeNull();
      await files.write(at('a/one.json'), 'größer');
      await files.write(at('a/one.json'), '€');
      expect(await files.read(at('a/one.json'))).toBe('€');
      expect(await files.writeIfAbsent(at('a/one.json'), 'late')).toBe(false);
      expect(await files.writeIfAbsent(at('a/two.json'), 'first')).toBe(true);
      expect(await files.read(at('a/one.json'))).toBe('€');
      await files.write(at('ab.json'), 'neighbour');
      expect((await files.list(at('a/'))).sort()).toEqual([at('a/one.json'), at('a/two.json')]);
      expect(await files.list(at('nothing/'))).toEqual([]);
    });

    it('lie in folders, which tell what lies in them, and since when', async () => {
      const { files, artifacts } = await open();
      const at = (key: string): string => `${artifacts}${key}`;
      for (const key of ['a/one.json', 'a/b/two.json', 'a/c/d/three.json', 'ab/four.json'])
        await files.write(at(key), 'x');
      const { objects, folders } = await files.folder(at('a/'));
      expect(objects.map(({ uri }) => uri)).toEqual([at('a/one.json')]);
      expect(Math.abs(Date.now() - Date.parse(objects[0]!.at))).toBeLessThan(60_000);
      expect(objects[0]!.at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      expect([...folders].sort()).toEqual([at('a/b/'), at('a/c/')]);
      expect(await files.folder(at('none/'))).toEqual({ objects: [], folders: [] });
    });

    it('have one writer win where several write what is not there', async () => {
      const { files, artifacts } = await open();
      const uri = `${artifacts}claims/one.json`;
      const won = await all(
        Array.from({ length: 8 }, (_, i) => () => files.writeIfAbsent(uri, `writer ${i}`)),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await files.read(uri)).toBe(`writer ${won.indexOf(true)}`);
    });
  });

  describe(`a run that begins ${name}`, () => {
    it('is one of all deliveries of an arrival, however many come at once, and again after a retry', async () => {
      const { services } = await servicesOf();
      const executions = Array.from({ length: 6 }, (_, i) => `delivery-${i}`);
      const begun = await all(
        executions.map((execution) => () => begin(request(execution, arrival('v1')), services)),
      );
      const owners = begun.filter(({ claimed }) => claimed);
      expect(owners).toHaveLength(1);
      expect(owners[0]!.data).toBe('s3://data/weeks/2026-01-05/');
      // Step Functions repeats a step whose answer it has not seen.
      const owner = executions[begun.indexOf(owners[0]!)]!;
      expect(await begin(request(owner, arrival('v1')), services)).toEqual(owners[0]);
      // The same key with other content is another arrival: its turn comes when the first is over.
      const { claimed, waitsFor } = await begin(request('delivery-9', arrival('v2')), services);
      expect([claimed, waitsFor?.execution]).toEqual([false, owner]);
    });

    it('does not do what another is at before that one is over', async () => {
      const { services } = await servicesOf();
      const data = 's3://data/weeks/2026-01-05/';
      const first = await begin(request('first', { data }), services);
      expect(first.claimed).toBe(true);
      // Of the same workflow on the same data, by itself or as a part of another.
      for (const [execution, input] of [
        ['second', { data }],
        ['third', { data, nested: true, run: 'monday' }],
      ] as const) {
        const waiting = await begin(request(execution, input), services);
        expect(waiting).toMatchObject({
          claimed: false,
          waitsFor: { execution: 'first', run: first.run },
          late: null,
        });
        // Not over yet, or asked again after a retry.
        expect(await begin(request(execution, input), services)).toMatchObject({ claimed: false });
      }
      expect((await begin(request('first', { data }), services)).claimed).toBe(true);
      // It is over, whether it came to anything or not.
      const { waitsFor, ...state } = await begin(request('second', { data }), services);
      const waited = { ...state, waitsFor };
      expect(await begin(request('second', waited), services)).toMatchObject({
        claimed: true,
        after: first.run,
      });
      // A retry of the step finds that it has waited; and it has the turn itself now.
      expect(await begin(request('second', waited), services)).toMatchObject({ after: first.run });
      expect(await begin(request('fourth', { data }), services)).toMatchObject({
        claimed: false,
        waitsFor: { execution: 'second' },
      });
    });

    it('has its turn at once when the last one has come to its end', async () => {
      const { services } = await servicesOf();
      const data = 's3://data/weeks/2026-01-05/';
      const first = await begin(request('first', { data }), services);
      await services.files.write(
        `${services.artifacts}runs/${first.run}/weekly.json`,
        '{"status":"complete"}',
      );
      expect(await begin(request('second', { data }), services)).toMatchObject({
        claimed: true,
        after: null,
      });
    });

    it('is one of all that have waited for the same', async () => {
      const { services } = await servicesOf();
      const data = 's3://data/weeks/2026-01-05/';
      const first = await begin(request('first', { data }), services);
      const waited = { data, waitsFor: { execution: 'first', run: first.run } };
      const names = ['a', 'b', 'c'];
      const begun = await all(names.map((name) => () => begin(request(name, waited), services)));
      const owner = begun.findIndex(({ claimed }) => claimed);
      expect(begun.filter(({ claimed }) => claimed)).toHaveLength(1);
      for (const other of begun.filter(({ claimed }) => !claimed))
        expect(other.waitsFor?.execution).toBe(names[owner]);
    });

    it('is beside others whose work is another, and those that are kept apart elsewhere', async () => {
      const { services } = await servicesOf();
      const data = 's3://data/weeks/2026-01-05/';
      const others: BeginRequest[] = [
        request('first', { data }),
        request('other data', { data: 's3://data/weeks/2026-01-12/' }),
        request('other parameters', { data, parameters: { ...DEFAULT_PARAMETERS, seed: '2' } }),
        { ...request('other workflow', { data }), workflow: 'inference' },
        { ...request('starts others', { data }), works: false },
        request('alone', { data, alone: true }),
      ];
      for (const each of others)
        expect([each.execution, (await begin(each, services)).claimed]).toEqual([each.execution, true]);
    });

    it('takes the newest complete delivery where the clock has started it, once, and none that is a week old', async () => {
      const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);
      const { services } = await servicesOf(inDays(6));
      const at = (key: string): string => `${services.artifacts}${key}`;
      const newestOf = [at('weekly/'), at('training/')];
      const clock = (execution: string, more = {}): Promise<unknown> =>
        begin(request(execution, { newestOf, ...more }), services);
      await expect(clock('early')).rejects.toThrow(
        /no delivery of this week is complete.*_SUCCESS.*found none at all.*as its last object/s,
      );
      for (const key of [
        'training/w1/weekly/market=DE/part.parquet',
        'training/w1/_SUCCESS',
        'weekly/eu/w2/_SUCCESS',
        // None of these is a delivery: one has no end, one is no folder, one is a table's partition.
        'weekly/w3/dataset.json',
        'weekly/_SUCCESS',
        'weekly/w3/weekly/market=DE/_SUCCESS',
        'elsewhere/w4/_SUCCESS',
      ]) {
        await services.files.write(at(key), 'x');
        // S3 tells times by the second.
        if (key.endsWith('w1/_SUCCESS')) await new Promise((resolve) => setTimeout(resolve, 1100));
      }
      expect(await clock('first')).toMatchObject({ data: at('weekly/eu/w2/'), claimed: true });
      expect(await clock('twice')).toMatchObject({ data: at('weekly/eu/w2/'), claimed: false });
      expect(await clock('first')).toMatchObject({ claimed: true });
      // Who says which data is given that.
      expect(await clock('asked', { data: at('training/w1/') })).toMatchObject({
        data: at('training/w1/'),
        claimed: true,
      });
      const late = { ...services, now: () => inDays(8) };
      await expect(begin(request('late', { newestOf }), late)).rejects.toThrow(
        /found .*weekly\/eu\/w2\/ of 2.* as the newest/,
      );
    });

    it('says early that it will miss its deadline, by how long the last run took', async () => {
      const { services, told } = await servicesOf();
      const data = 's3://data/weeks/';
      expect((await begin(request('first', { data }), services)).late).toBeNull();
      const last = { weekly: { seconds: 13 * 3600 }, inference: { seconds: 60 } };
      await services.files.write(`${services.artifacts}state/durations.json`, JSON.stringify(last));
      expect(told).toEqual([]);
      expect(await begin(request('second', { data: 's3://data/others/' }), services)).toMatchObject({
        claimed: true,
        deadlineAt: '2026-01-06T08:00:00.000Z',
        late: 'weekly will probably end at 2026-01-06T09:00:00.000Z, after the deadline 2026-01-06T08:00:00.000Z: the last run took 46800 s from here on',
      });
      expect(told).toEqual([['DeadlineAtRisk', { workflow: 'weekly' }]]);
      expect(
        (await begin({ ...request('third', { data }), workflow: 'inference' }, services)).late,
      ).toBeNull();
    });
  });
}
