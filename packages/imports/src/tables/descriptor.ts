import type { ImportMap } from '../map/import-map.ts';

/**
 * The descriptor of an imported dataset.
 * @param map of the import
 * @param name of the dataset
 * @returns the content of its dataset.json
 */
export function descriptorOf(map: ImportMap, name: string): object {
  const covariates = Object.entries(map.sales.covariates);
  const known = (when: 'ahead' | 'afterwards'): string[] =>
    covariates.filter(([, covariate]) => covariate.known === when).map(([covariate]) => covariate);
  const [ahead, afterwards] = [known('ahead'), known('afterwards')];
  return {
    name,
    ...(map.description === undefined ? {} : { description: map.description }),
    tables: {
      weekly: {
        missingWeeks: map.missingWeeks,
        ...(ahead.length === 0 ? {} : { futureCovariates: ahead }),
        ...(afterwards.length === 0 ? {} : { pastCovariates: afterwards }),
      },
    },
  };
}
