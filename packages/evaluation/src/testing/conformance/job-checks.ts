import { ArtifactError, InterruptedError, Tables, TABLES, type Table } from '@hemline/core';
import { MemoryArtifact } from '../memory-artifact.ts';
import { assert, assertRejects, type ConformanceCheck } from './check.ts';
import type { Subject } from './subject.ts';

/** What to do about a signal that is not seen. */
const STOP = 'call throwIfAborted(signal) before the work and for every batch';
/** Where tensors stay. */
const KEPT = 'look for tensors outside of tidy, and for variables that dispose does not free';

/**
 * Checks of how a model behaves as a part of a job: it stops when asked and leaves nothing behind.
 * @param subject the model under test
 * @returns the checks
 */
export function jobChecks(subject: Subject): ConformanceCheck[] {
  const { liveTensors } = subject.options;
  return [
    { name: 'fit stops with InterruptedError', run: () => demandFitStops(subject) },
    { name: 'predict stops with InterruptedError', run: () => demandPredictStops(subject) },
    {
      name: 'loading an empty artifact is an ArtifactError',
      run: () =>
        assertRejects(
          'load',
          () => subject.load(new MemoryArtifact()),
          ArtifactError,
          'read what save has written with readJson or readTable, which name what is missing',
        ),
    },
    { name: 'disposing twice is fine', run: () => demandDisposable(subject) },
    {
      name: 'no tensor is left behind',
      ...(liveTensors === undefined ? { skip: 'no liveTensors given: the model has no tensors' } : {}),
      run: async () => {
        if (liveTensors !== undefined) await demandNoTensors(subject, liveTensors);
      },
    },
  ];
}

async function demandFitStops(subject: Subject): Promise<void> {
  const stopped = AbortSignal.abort();
  await assertRejects(
    'fit with a raised signal',
    async () => (await subject.fit(subject.tables, { signal: stopped })).dispose(),
    InterruptedError,
    STOP,
  );
  const controller = new AbortController();
  const tables = watched(subject.tables, () => controller.abort());
  const fit = async (): Promise<void> => {
    (await subject.fit(tables, { signal: controller.signal })).dispose();
    // A model that read nothing had nothing to be interrupted in.
    if (!controller.signal.aborted) throw new InterruptedError('nothing was read');
  };
  await assertRejects('fit with a signal raised while it reads', fit, InterruptedError, STOP);
}

async function demandPredictStops(subject: Subject): Promise<void> {
  const tables = subject.few;
  await subject.withFitted(async (fitted) => {
    const stopped = AbortSignal.abort();
    await assertRejects(
      'predict with a raised signal',
      () => subject.ask(fitted, 'grid', { tables, signal: stopped }),
      InterruptedError,
      STOP,
    );
    const controller = new AbortController();
    const request = await subject.request('grid', { tables, signal: controller.signal, batchRows: 4 });
    const stopAfterFirst = async (): Promise<void> => {
      let batches = 0;
      for await (const batch of fitted.predict(request)) {
        batches += batch.length > 0 ? 1 : 0;
        controller.abort();
        // One batch may be on its way; a model that gives many more does not look at the signal.
        assert(batches <= 3, `predict gave ${batches} batches after the signal was raised`);
      }
    };
    await assertRejects(
      'predict with a signal raised after the first batch',
      stopAfterFirst,
      InterruptedError,
      STOP,
    );
  }, tables);
}

async function demandDisposable(subject: Subject): Promise<void> {
  const fitted = await subject.fit(subject.few);
  fitted.dispose();
  fitted.dispose();
}

async function demandNoTensors(subject: Subject, liveTensors: () => number): Promise<void> {
  const before = liveTensors();
  const artifact = new MemoryArtifact();
  const tables = subject.few;
  await subject.withFitted(async (fitted) => {
    await subject.ask(fitted, 'grid', { tables });
    await fitted.save(artifact);
  }, tables);
  const afterFit = liveTensors();
  assert(
    afterFit === before,
    `${afterFit - before} tensors are left after fit, predict, save and dispose: ${KEPT}`,
  );
  const loaded = await subject.load(artifact);
  try {
    await subject.ask(loaded, 'planned', { tables });
    const held = liveTensors();
    await subject.ask(loaded, 'planned', { tables });
    assert(liveTensors() === held, `each forecast leaves ${liveTensors() - held} tensors: ${KEPT}`);
  } finally {
    loaded.dispose();
  }
  const afterLoad = liveTensors();
  assert(
    afterLoad === before,
    `${afterLoad - before} tensors are left after load, predict and dispose: ${KEPT}`,
  );
}

/** Tables that call when the first batch of a table that grows with the data has been read. */
function watched(tables: Tables, onRead: () => void): Tables {
  return new Tables(
    tables.names.map((name): Table => {
      const table = tables.get(name);
      if (TABLES[name].knownAt === null) return table;
      return {
        name,
        schema: table.schema,
        async *batches(options) {
          for await (const batch of table.batches(options)) {
            onRead();
            yield batch;
          }
        },
      };
    }),
  );
}
