import { SchemaError, Tables, TABLES, type Table, type TableInput, type TableName } from '@hemline/core';
import { withoutColumns, withoutTable } from './alter-tables.ts';
import { assert, assertRejects, type ConformanceCheck } from './check.ts';
import type { Subject } from './subject.ts';

/** What to do about a table or column whose absence is not told. */
const NAME = 'take tables with tables.get, not find, and name the columns that are read';

/** A declared input: a table and what is read of it. */
type DeclaredInput = [name: TableName, input: TableInput];

/**
 * Checks of what a model reads: what it declares, no more, and it names what is missing.
 * @param subject the model under test
 * @returns the checks
 */
export function readChecks(subject: Subject): ConformanceCheck[] {
  return [
    { name: 'a missing table or column is a SchemaError', run: () => demandSchemaErrors(subject) },
    { name: 'only declared columns are read, and named', run: () => demandDeclaredReads(subject) },
    { name: 'optional columns may be absent', run: () => demandOptional(subject) },
  ];
}

async function demandSchemaErrors(subject: Subject): Promise<void> {
  const { fit, predict } = subject.model.inputs;
  for (const [name, { required }] of requiredInputs(fit)) {
    await assertRejects(
      `fit without the table ${name}`,
      async () => (await subject.fit(withoutTable(subject.tables, name))).dispose(),
      SchemaError,
      NAME,
    );
    for (const column of required) {
      await assertRejects(
        `fit without the column ${name}.${column}`,
        async () => (await subject.fit(readable(withoutColumns(subject.tables, name, [column])))).dispose(),
        SchemaError,
        NAME,
      );
    }
  }
  await subject.withFitted(async (fitted) => {
    const request = await subject.request('grid', { tables: subject.few });
    for (const [name, { required }] of requiredInputs(predict)) {
      const without = withoutTable(request.history, name);
      await assertRejects(
        `predict without the table ${name}`,
        () => subject.askRequest(fitted, { ...request, history: without }),
        SchemaError,
        NAME,
      );
      for (const column of required) {
        const narrower = withoutColumns(request.history, name, [column]);
        await assertRejects(
          `predict without the column ${name}.${column}`,
          () => subject.askRequest(fitted, { ...request, history: narrower }),
          SchemaError,
          NAME,
        );
      }
    }
  }, subject.few);
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
  const tables = subject.few;
  const allowFit = spying(tables, model.inputs.fit, 'fit');
  await subject.withFitted(async (fitted) => {
    for (const kind of ['grid', 'planned'] as const) {
      const request = await subject.request(kind, { tables });
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
          assert(
            columns !== undefined || knownAt === null,
            `${step} reads ${name} without naming columns: give batches({ columns }), for the table may have hundreds`,
          );
          for (const column of columns ?? [])
            assert(
              allowed.includes(column),
              `${step} reads ${name}.${column}, which it does not declare: add it to inputs.${step}.${name}, or leave it`,
            );
          return table.batches(options);
        },
      };
    }),
  );
}

async function demandOptional(subject: Subject): Promise<void> {
  let tables: Tables = subject.few;
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
