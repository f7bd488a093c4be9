import {
  addWeeks,
  DataError,
  EngineError,
  InterruptedError,
  type AnyModel,
  type FittedModel,
  type TrainingJob,
} from '@hemline/core';
import { MemoryArtifact, MemoryCheckpoints, syntheticTables } from '@hemline/evaluation/testing';
import { describe, expect, it } from 'vitest';
import { blendOf } from './fixtures/blend-of.ts';
import { curvedModel } from './fixtures/curved-model.ts';
import { flatModel } from './fixtures/flat-model.ts';

const tables = syntheticTables({ articles: 20, weeks: 60 });
const cutoff = addWeeks(tables.lastWeek, -12);

/** Fits a blend of the baseline and some members, and keeps what it is told. */
async function fitted(
  members: readonly AnyModel[],
  given: Readonly<Record<string, unknown>> = {},
  job: Partial<TrainingJob> = {},
): Promise<{ blend: FittedModel; model: AnyModel; warnings: string[]; map: Map<string, AnyModel> }> {
  const all = [flatModel, ...members];
  const model = blendOf(all);
  const map = new Map(all.map((each) => [each.name, each]));
  const warnings: string[] = [];
  const blend = await model.fit(
    { cutoff, seed: 1, members: map, onWarning: (text) => warnings.push(text), ...job },
    tables.asOf(cutoff),
    model.hyperparameters.parse(given) as never,
  );
  return { blend, model, warnings, map };
}

const failing = (fails: () => Error): AnyModel => curvedModel({ name: 'failing', fails });

describe('a blend', () => {
  it('trains a member that holds out once, any other at the earlier cutoff too, and disposes of what it does not keep', async () => {
    const jobs: Record<string, [number, number | undefined][]> = { once: [], twice: [] };
    let disposed = 0;
    const memberOf = (name: string, holdsOut: boolean): AnyModel =>
      curvedModel({
        ...{ name, holdsOut },
        onFit: (job) => jobs[name]!.push([job.cutoff, job.heldOutWeeks]),
        onDispose: () => disposed++,
      });
    const { blend } = await fitted([memberOf('once', true), memberOf('twice', false)], { heldOutWeeks: 6 });
    expect(jobs['once']).toEqual([[cutoff, 6]]);
    expect(jobs['twice']!.map(([at]) => at)).toEqual([addWeeks(cutoff, -6), cutoff]);
    // Both held-out fits are gone.
    expect(disposed).toBeGreaterThanOrEqual(2);
    const before = disposed;
    blend.dispose();
    expect(disposed - before).toBeGreaterThanOrEqual(1);
  });

  it('gives nothing to a member that is clearly worse, and forecasts without it', async () => {
    const { blend } = await fitted([curvedModel({ name: 'good' }), curvedModel({ name: 'bad', factor: 4 })]);
    expect(blend.metrics['weight.bad']).toBe(0);
    expect(blend.metrics['weight.good']).toBeGreaterThan(0.5);
    expect(blend.metrics['heldOutError.bad']).toBeGreaterThan(blend.metrics['heldOutError.good']! * 2);
    const artifact = new MemoryArtifact();
    await blend.save(artifact);
    expect(artifact.names.filter((name) => name.includes('/'))).toEqual(['flat/settings', 'good/model']);
  });

  it('is not worse than its best member on the weeks held out, and says how all of them did', async () => {
    const { blend } = await fitted([curvedModel(), curvedModel({ name: 'steep', steepness: 1.6 })]);
    const { metrics } = blend;
    const errors = ['flat', 'curved', 'steep'].map((name) => metrics[`heldOutError.${name}`]!);
    expect(metrics['heldOutError.blend']).toBeLessThan(1.01 * Math.min(...errors));
    const { blendParts, blendWeights } = blend.insights!;
    expect(blendParts!.length).toBe(4);
    expect([...blendParts!.floats('heldOutError').slice(0, 3)]).toEqual(errors);
    const weights = blendWeights!.floats('weight');
    for (let segment = 0; segment < weights.length; segment += 3)
      expect(weights[segment]! + weights[segment + 1]! + weights[segment + 2]!).toBeCloseTo(1, 12);
  });

  it.each([
    ['whose engine fails', () => new EngineError('the library cannot be loaded')],
    ['that cannot learn from the data', () => new DataError('there is nothing to learn')],
    ['whose memory does not suffice', () => new RangeError('Array buffer allocation failed')],
  ])('goes on without a member %s, and says so', async (_what, fails) => {
    const { blend, warnings } = await fitted([curvedModel(), failing(fails)]);
    expect(warnings).toEqual([expect.stringMatching(/^failing is left out of blended: /)]);
    expect(warnings[0]).toContain(fails().message.slice(0, 20));
    expect(blend.metrics['leftOut']).toBe(1);
    const { blendParts } = blend.insights!;
    const { values, dictionary } = blendParts!.strings('state');
    expect([...values].map((code) => dictionary[code])).toContainEqual(expect.stringMatching(/^left out: /));
    expect(blend.metrics).not.toHaveProperty('weight.failing');
  });

  it.each([
    ['a defect', () => new TypeError('undefined is no function')],
    ['a range that is wrong', () => new RangeError('3 is out of range')],
    ['a stop', () => new InterruptedError('stopped')],
  ])('does not hide %s of a member, and frees the others', async (_what, fails) => {
    let disposed = 0;
    const good = curvedModel({ onDispose: () => disposed++ });
    await expect(fitted([good, failing(fails)])).rejects.toThrow(fails().message);
    // The held-out fit and the fit.
    expect(disposed).toBe(2);
  });

  it('keeps to a budget: what is not done is left out, the baseline never', async () => {
    // Waits until it is stopped, as a training does that looks at its signal.
    const slow: AnyModel = {
      ...curvedModel({ name: 'slow' }),
      fit: (job) =>
        new Promise((_, reject) =>
          job.signal!.addEventListener('abort', () => reject(new InterruptedError('stopped'))),
        ),
    };
    const never = curvedModel({ name: 'never' });
    const { blend, warnings } = await fitted([slow, never], { budgetSeconds: 0.2 });
    expect(warnings.map((text) => text.split(' is left out')[0])).toEqual(['slow', 'never']);
    expect(warnings[0]).toContain('not done within the budget of 0.2 seconds');
    expect(blend.metrics).toMatchObject({ leftOut: 2, 'weight.flat': 1 });
  });

  it('stops when the job does, also with a budget', async () => {
    const controller = new AbortController();
    const member = curvedModel({ onFit: () => controller.abort() });
    const job = { signal: controller.signal };
    await expect(fitted([member], { budgetSeconds: 60 }, job)).rejects.toThrow(InterruptedError);
  });

  it('gives members checkpoints and metrics of their own', async () => {
    const checkpoints = new MemoryCheckpoints();
    const told: string[] = [];
    const member: AnyModel = curvedModel();
    const saving: AnyModel = {
      ...member,
      fit: async (job, ...rest) => {
        await job.checkpoints!.save(3, (artifact) => artifact.writeJson('state', 1));
        return member.fit(job, ...rest);
      },
    };
    await fitted([saving], {}, { checkpoints, onMetric: (name) => told.push(name) });
    expect(checkpoints.steps).toEqual([]);
    expect(checkpoints.nested('curved').steps).toEqual([3]);
    expect(told).toContain('curved.slope');
  });

  it('is loaded with its members, and not without them', async () => {
    const { blend, model, map } = await fitted([curvedModel()]);
    const artifact = new MemoryArtifact();
    await blend.save(artifact);
    const loaded = await model.load(artifact, map);
    expect(loaded.metrics).toEqual(blend.metrics);
    expect(Object.keys(loaded.insights!)).toEqual(['blendParts', 'blendWeights']);
    await expect(model.load(artifact)).rejects.toThrow(/blended was not given its member flat/);
    map.delete('curved');
    await expect(model.load(artifact, map)).rejects.toThrow(/a member that it no longer has/);
  });

  it('takes equal weights where the data is too short to hold weeks out, and says so', async () => {
    const short = syntheticTables({ articles: 10, weeks: 30 });
    let first = Infinity;
    for await (const batch of short.get('weekly').batches({ columns: ['week'] }))
      first = batch.weeks('week').reduce((a, b) => Math.min(a, b), first);
    // Too few weeks to hold two of them out.
    const at = addWeeks(first, 4);
    const all = [flatModel, curvedModel()];
    const model = blendOf(all);
    const warnings: string[] = [];
    const blend = await model.fit(
      {
        ...{ cutoff: at, seed: 1, onWarning: (text: string) => warnings.push(text) },
        members: new Map(all.map((each) => [each.name, each])),
      },
      short.asOf(at),
      model.hyperparameters.parse({}) as never,
    );
    expect(warnings).toEqual([expect.stringContaining('too short to hold weeks out')]);
    expect(blend.metrics).toMatchObject({
      heldOutRows: 0,
      leftOut: 0,
      'weight.flat': 0.5,
      'weight.curved': 0.5,
    });
  });

  it('is made of the parts that are asked for, and refuses others', async () => {
    const { blend } = await fitted([curvedModel(), curvedModel({ name: 'steep' })], { parts: 'steep' });
    expect(Object.keys(blend.metrics).filter((name) => name.startsWith('weight'))).toEqual([
      'weight.flat',
      'weight.steep',
    ]);
    const { blend: shifted } = await fitted([curvedModel()], {
      memberSettings: 'curved.shift=1000, flat.times=2',
    });
    expect(shifted.metrics['heldOutError.curved']).toBeGreaterThan(10);
    for (const [memberSettings, problem] of [
      ['curvd.shift=1', /with a part among flat, curved, found curvd\.shift=1/],
      ['curved.shft=1', /hyperparameters of the part curved are not valid.*Known are shift/],
      ['curved.shift=much', /shift/],
    ] as const)
      await expect(fitted([curvedModel()], { memberSettings })).rejects.toThrow(problem);
    await expect(fitted([curvedModel()], { parts: 'curvd' })).rejects.toThrow(
      /expected parts among flat, curved, found curvd/,
    );
  });
});
