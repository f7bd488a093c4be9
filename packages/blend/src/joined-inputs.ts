import type { ModelInputs, TableInput, TableName } from '@hemline/core';

/**
 * @param inputs of a fit
 * @param others what is read besides
 * @returns both together: a column that one of them requires is required
 */
export function joinedInputs(inputs: ModelInputs['fit'], others: ModelInputs['fit']): ModelInputs['fit'] {
  const names = new Set([...Object.keys(inputs), ...Object.keys(others)] as TableName[]);
  return Object.fromEntries(
    [...names].map((table): [TableName, TableInput] => {
      const both = [inputs[table], others[table]].filter((input) => input !== undefined);
      const required = new Set(both.flatMap((input) => input.required));
      const optional = new Set(both.flatMap((input) => input.optional ?? []));
      return [
        table,
        {
          required: [...required],
          optional: [...optional].filter((column) => !required.has(column)),
          covariates: both.some(({ covariates = false }) => covariates),
        },
      ];
    }),
  );
}
