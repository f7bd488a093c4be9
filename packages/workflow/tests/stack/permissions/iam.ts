/** Somebody who calls an API: a role, or a service of AWS on its own behalf. */
export type Caller = { readonly role: string } | { readonly service: string };

/** One call. */
export interface Call {
  readonly by: Caller;
  /** `sns:Publish` */
  readonly action: string;
  /** ARN, or `*` where the API knows no resource. */
  readonly resource: string;
  /** Condition keys of the request, in lower case. */
  readonly context?: Readonly<Record<string, string>>;
  /** For people: which state, alarm or rule calls. */
  readonly of: string;
}

/** A statement of a policy, as far as the stack has them. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Policies that bear on a call. */
export interface Policies {
  /** Of the role that calls; a service has none. */
  readonly identity: readonly Statement[];
  /** Of the resource; null: it has no policy. */
  readonly resource: readonly Statement[] | null;
  /** Whether the resource's policy alone decides, and the account's policies only where it says so: so it is with keys and trust. */
  readonly resourceDecides: boolean;
}

/**
 * Judges a call as IAM does within one account, for the parts of the language that the stack uses; any other part throws.
 * @param call to judge
 * @param policies that bear on it
 * @param account whose root stands for the account's own policies
 * @returns whether it is allowed
 */
export function isAllowed(
  call: Call,
  { identity, resource, resourceDecides }: Policies,
  account: string,
): boolean {
  const own = identity.filter((statement) => applies(statement, call));
  const theirs = (resource ?? []).filter((statement) => applies(statement, call));
  const named = theirs.filter(({ Principal }) => isNamed(Principal, call.by));
  if ([...own, ...named].some(({ Effect }) => Effect === 'Deny')) return false;
  const byResource = named.some(({ Effect }) => Effect === 'Allow');
  if ('service' in call.by) return byResource;
  const byIdentity = own.some(({ Effect }) => Effect === 'Allow');
  if (!resourceDecides) return byIdentity || byResource;
  const accountMay = theirs.some(
    ({ Effect, Principal }) =>
      Effect === 'Allow' &&
      typeof Principal === 'object' &&
      list(Principal['AWS']).includes(`arn:aws:iam::${account}:root`),
  );
  return byResource || (accountMay && byIdentity);
}

function applies(
  { Action, Resource, Condition }: Statement,
  { action, resource, context = {} }: Call,
): boolean {
  return (
    list(Action).some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
    (Resource === undefined || list(Resource).some((pattern) => like(pattern, resource))) &&
    Object.entries(Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) =>
        meets(operator, context[key.toLowerCase()], list(values)),
      ),
    )
  );
}

/** A key that the request lacks meets no condition. */
function meets(operator: string, found: string | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case 'StringEquals':
    case 'Bool':
      return found !== undefined && wanted.includes(found);
    case 'StringLike':
    case 'ArnLike':
    case 'ArnEquals':
      return found !== undefined && wanted.some((pattern) => like(pattern, found));
    default:
      throw new Error(`the evaluator does not know the operator ${operator}`);
  }
}

function isNamed(principal: Statement['Principal'], by: Caller): boolean {
  if (principal === undefined) return false;
  if (principal === '*') return true;
  if (list(principal['AWS']).includes('*')) return true;
  return 'role' in by
    ? list(principal['AWS']).includes(by.role)
    : list(principal['Service']).includes(by.service);
}

function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
