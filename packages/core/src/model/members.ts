import { ConfigurationError } from '../errors/causes.ts';
import type { TableName } from '../tables/table-definition.ts';
import type { AnyModel, Members } from './define-model.ts';
import type { ModelInputs, TableInput } from './model-inputs.ts';

/**
 * Loads the members of a model, and theirs, and checks that they fit together.
 * @param model any; without members nothing is loaded
 * @param load gives the definition of a model by its name
 * @returns all of them by name, each once
 * @throws ConfigurationError when a member does not fit the model, or models are members of each other
 */
export async function resolveMembers(
  model: AnyModel,
  load: (name: string) => Promise<AnyModel>,
): Promise<Members> {
  const found = new Map<string, AnyModel>();
  const visit = async (of: AnyModel, above: readonly string[]): Promise<void> => {
    for (const name of of.members ?? []) {
      if (above.includes(name))
        throw new ConfigurationError('models are members of each other', {
          expected: 'members that are not made of the models above them',
          found: [...above, name].join(' → '),
          remedy: `Take ${name} from the members of ${of.name}.`,
        });
      const member = found.get(name) ?? (await load(name));
      found.set(name, member);
      checkMember(of, name, member);
      await visit(member, [...above, name]);
    }
  };
  await visit(model, [model.name]);
  return found;
}

/**
 * Takes a member out of what a model was handed.
 * @param model that has members
 * @param members that it was given by the job or by `load`
 * @param name of the member
 * @returns its definition
 * @throws ConfigurationError when it was not handed over
 */
export function memberOf(
  model: { readonly name: string },
  members: Members | undefined,
  name: string,
): AnyModel {
  const member = members?.get(name);
  if (member !== undefined) return member;
  throw new ConfigurationError(`${model.name} was not given its member ${name}`, {
    expected: 'the members that the model declares, in the job of fit and as the second argument of load',
    found: [...(members?.keys() ?? [])].join(', ') || 'none',
    remedy: 'Load them with loadMembers of @hemline/runtime, or resolveMembers of @hemline/core.',
  });
}

/**
 * Checks that a model declares what a member needs: the image, the data and the promises are those of the model.
 * @param model with members
 * @param name by which it names the member
 * @param member its definition
 * @throws ConfigurationError that names everything that does not fit
 */
function checkMember(model: AnyModel, name: string, member: AnyModel): void {
  const problems: string[] = [];
  if (member.name !== name) problems.push(`it calls itself ${member.name}`);
  if (member.quantity !== model.quantity)
    problems.push(`it forecasts ${member.quantity}, and ${model.name} ${model.quantity}`);
  for (const engine of member.engines)
    if (!model.engines.includes(engine)) problems.push(`it needs the engine ${engine}`);
  const { monotoneIn, maximumHorizon } = model.capabilities;
  for (const input of monotoneIn)
    if (!member.capabilities.monotoneIn.includes(input)) problems.push(`it may fall with the ${input}`);
  const furthest = member.capabilities.maximumHorizon;
  if (furthest !== null && (maximumHorizon === null || maximumHorizon > furthest))
    problems.push(
      `it forecasts ${furthest} weeks ahead at most, and ${model.name} ${maximumHorizon ?? 'any number'}`,
    );
  problems.push(
    ...missingInputs('fit', model.inputs.fit, member.inputs.fit),
    // What is learnt of members is learnt from their forecasts.
    ...missingInputs('fit', model.inputs.fit, member.inputs.predict),
    ...missingInputs('predict', model.inputs.predict, member.inputs.predict),
  );
  if (problems.length === 0) return;
  throw new ConfigurationError(`${name} cannot be a member of ${model.name}`, {
    expected: `a model of which ${model.name} declares the quantity, the engines, the inputs and the capabilities`,
    found: [...new Set(problems)].join('; '),
    remedy: `Declare it in ${model.name}, or leave ${name} out of its members.`,
  });
}

/** What a member reads and the model does not declare. */
function missingInputs(
  step: keyof ModelInputs,
  declared: ModelInputs['fit'],
  read: ModelInputs['fit'],
): string[] {
  return (Object.entries(read) as [TableName, TableInput][]).flatMap(([table, input]) => {
    const has = declared[table];
    if (has === undefined) return [`it reads the table ${table}, which inputs.${step} does not declare`];
    const { required, optional = [], covariates = false } = has;
    return [
      ...input.required
        .filter((column) => !required.includes(column))
        .map((column) => `it cannot do without ${table}.${column}, which inputs.${step} does not require`),
      ...(input.optional ?? [])
        .filter((column) => !required.includes(column) && !optional.includes(column))
        .map((column) => `it reads ${table}.${column}, which inputs.${step} does not declare`),
      ...(input.covariates === true && !covariates
        ? [`it reads the covariates of ${table}, which inputs.${step} does not declare`]
        : []),
    ];
  });
}
