import {
  ArtifactError,
  InterruptedError,
  SchemaError,
  Tables,
  TABLES,
  type Table,
  type TableInput,
  type TableName,
} from '@hemline/core';
import { MemoryArtifact } from '../memory-artifact.ts';
import { withoutColumns, withoutTable } from './alter-tables.ts';
import { assert, assertRejects, type ConformanceCheck } from './check.ts';
import type { Subject } from './subject.ts';

/** A declared input: a table and what is read of it. */
type DeclaredInput = [name: TableName, input: TableInput];

/**
 * Checks of how a model behaves as a part of a job: it stops when asked, names what is missing, reads what it declares
 * and leaves nothing behind.
 * @param subject the model under test
 * @returns the checks
 */
export function jobChecks(subject: Subject): ConformanceCheck[] {
  const { liveTensors } = subject.options;
  return [
    { name: 'fit stops with InterruptedError', run: () => demandFitStops(subject) },
    { name: 'predict stops with InterruptedError', run: () => demandPredictStops(subject) },
    { name: 'a missing table or column is a SchemaError', run: () => demandSchemaErrors(subject) },
    { name: 'only declared columns are read, and named', run: () => demandDeclaredReads(subject) },
    { name: 'optional columns may be absent', run: () => demandOptional(subject) },
    {
      name: 'loading an empty artifact is an ArtifactError',
      run: () => assertRejects('load', () => subject.model.load(new MemoryArtifact()), ArtifactError),
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
  );
  const controller = new AbortController();
  const tables = watched(subject.tables, () => controller.abort());
  const fit = async (): Promise<void> => {
    (await subject.fit(tables, { signal: controller.signal })).dispose();
    // A model that read nothing had nothing to be interrupted in.
    if (!controller.signal.aborted) throw new InterruptedError('nothing was read');
  };
  await assertRejects('fit with a signal raised while it reads', fit, InterruptedError);
}

async function demandPredictStops(subject: Subject): Promise<void> {
  await subject.withFitted(async (fitted) => {
    const stopped = AbortSignal.abort();
    await assertRejects(
      'predict with a raised signal',
      () => subject.ask(fitted, 'grid', { signal: stopped }),
      InterruptedError,
    );
    const controller = new AbortController();
    const request = await subject.request('grid', { signal: controller.signal, batchRows: 4 });
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
    );
  });
}

async function demandSchemaErrors(subject: Subject): Promise<void> {
  const { fit, predict } = subject.model.inputs;
  for (const [name, { required }] of requiredInputs(fit)) {
    await assertRejects(
      `fit without the table ${name}`,
      async () => (await subject.fit(withoutTable(subject.tables, name))).dispose(),
      SchemaError,
    );
    for (const column of required) {
      await assertRejects(
        `fit without the column ${name}.${column}`,
        async () => (await subject.fit(readable(withoutColumns(subject.tables, name, [column])))).dispose(),
        SchemaError,
      );
    }
  }
  await subject.withFitted(async (fitted) => {
    const request = await subject.request('grid');
    for (const [name, { required }] of requiredInputs(predict)) {
      const without = withoutTable(request.history, name);
      await assertRejects(
        `predict without the table ${name}`,
        () => subject.askRequest(fitted, { ...request, history: without }),
        SchemaError,
      );
      for (const column of required) {
        const narrower = withoutColumns(request.history, name, [column]);
        await assertRejects(
          `predict without the column ${name}.${column}`,
          () => subject.askRequest(fitted, { ...request, history: narrower }),
          SchemaError,
        );
      }
    }
  });
}

/** Inputs that a model cannot do without: those with a required column. */
function requiredInputs(inputs: Partial<Readonly<Record<TableName, TableInput>>>): DeclaredInput[] {
  return (Object.entries(inputs) as DeclaredInput[]).filter(([, { required }]) => required.length > 0);
}

/**
 * Tables whose `knownAt` column may be missing: cutting at the cutoff is then left to nobody, because a model has to
 * name the missing column before it matters.
 */
function readable(tables: Tables): Tables {
  const cutless = new Tables(tables.names.map((name) => tables.get(name)));
  cutless.asOf = () => cutless;
  return cutless;
}

async function demandDeclaredReads(subject: Subject): Promise<void> {
  const { model } = subject;
  const allowFit = spying(subject.tables, model.inputs.fit, 'fit');
  await subject.withFitted(async (fitted) => {
    for (const kind of ['grid', 'planned'] as const) {
      const request = await subject.request(kind);
      const history = spying(request.history, model.inputs.predict, 'predict');
      await subject.askRequest(fitted, { ...request, history });
    }
  }, allowFit);
}

/** Tables that throw when a column is read that is not declared, or when a history table is read whole. */
function spying(
  tables: Tables,
  inputs: Partial<Readonly<Record<TableName, TableInput>>>,
  step: 'fit' | 'predict',
): Tables {
  return new Tables(
    tables.names.map((name): Table => {
      const table = tables.get(name);
      const { knownAt } = TABLES[name];
      const input = inputs[name];
      const allowed = [...(input?.required ?? []), ...(input?.optional ?? [])];
      const { roles } = TABLES[name];
      if (input?.covariates === true)
        allowed.push(
          ...table.schema.fields
            .map((field) => field.name)
            .filter((column) => !roles.some((role) => role.name === column)),
        );
      // Cutting at the cutoff reads the week, whether the model does or not.
      if (knownAt !== null) allowed.push(knownAt);
      return {
        name,
        schema: table.schema,
        batches(options = {}) {
          const { columns } = options;
          assert(columns !== undefined || knownAt === null, `${step} reads ${name} without naming columns`);
          for (const column of columns ?? [])
            assert(allowed.includes(column), `${step} reads ${name}.${column}, which it does not declare`);
          return table.batches(options);
        },
      };
    }),
  );
}

async function demandOptional(subject: Subject): Promise<void> {
  let tables: Tables = subject.tables;
  const { fit, predict } = subject.model.inputs;
  for (const inputs of [fit, predict]) {
    for (const [name, { optional = [] }] of Object.entries(inputs) as DeclaredInput[]) {
      // Roles that every dataset has, and whatever another step requires, stay.
      const needed = [...(fit[name]?.required ?? []), ...(predict[name]?.required ?? []), 'discount'];
      const absent = optional.filter(
        (column) =>
          !needed.includes(column) &&
          !TABLES[name].roles.some((role) => role.name === column && role.required),
      );
      if (absent.length > 0) tables = withoutColumns(tables, name, absent);
    }
  }
  await subject.withFitted(async (fitted) => {
    for (const kind of ['grid', 'planned'] as const) {
      const forecasts = await subject.ask(fitted, kind, { tables });
      assert(forecasts.length > 0, `no ${kind} forecast without the optional columns`);
    }
  }, tables);
  // A table of which nothing is required may be missing altogether.
  const bare = tables.names.filter((name) => fit[name] === undefined || fit[name].required.length > 0);
  await subject.withFitted(
    async (fitted) => {
      const forecasts = await subject.ask(fitted, 'grid', { tables });
      assert(forecasts.length > 0, 'no forecast by a model that was fitted without the optional tables');
    },
    new Tables(bare.map((name) => tables.get(name))),
  );
}

async function demandDisposable(subject: Subject): Promise<void> {
  const fitted = await subject.fit();
  fitted.dispose();
  fitted.dispose();
}

async function demandNoTensors(subject: Subject, liveTensors: () => number): Promise<void> {
  const before = liveTensors();
  const artifact = new MemoryArtifact();
  await subject.withFitted(async (fitted) => {
    await subject.ask(fitted, 'grid');
    await fitted.save(artifact);
  });
  const afterFit = liveTensors();
  assert(afterFit === before, `${afterFit - before} tensors are left after fit, predict, save and dispose`);
  const loaded = await subject.model.load(artifact);
  try {
    await subject.ask(loaded, 'planned');
    const held = liveTensors();
    await subject.ask(loaded, 'planned');
    assert(liveTensors() === held, `each forecast leaves ${liveTensors() - held} tensors`);
  } finally {
    loaded.dispose();
  }
  const afterLoad = liveTensors();
  assert(afterLoad === before, `${afterLoad - before} tensors are left after load, predict and dispose`);
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
