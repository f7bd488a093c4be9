import { listing, nearest } from '@hemline/core';
import { JOB_NAME } from './job-name.ts';
import type { Tag, VpcFields } from './job-settings.ts';

/** Collects what SageMaker would refuse, or would take and trip over, so that all of it is told at once. */
export class RequestProblems {
  readonly found: string[] = [];
  /** Whether a text is put in only when the job starts: it is taken as it is. */
  readonly isLater: (text: string) => boolean;

  /** @param isLater for requests with texts that are not known yet */
  constructor(isLater: (text: string) => boolean = () => false) {
    this.isLater = isLater;
  }

  /**
   * @param isRight whether it is as it should be
   * @param what in the request
   * @param expected what SageMaker takes
   * @param found what there is
   */
  expect(isRight: boolean, what: string, expected: string, found: unknown): void {
    if (!isRight) this.found.push(`${what}: expected ${expected}, found ${shown(found)}`);
  }

  /** @param text of an ARN, a URI, … */
  matches(what: string, text: string, pattern: RegExp, expected: string): void {
    this.expect(this.isLater(text) || pattern.test(text), what, expected, text);
  }

  /** @param name of a job */
  jobName(name: string): void {
    this.matches(
      'job name',
      name,
      JOB_NAME,
      '1 to 63 letters, digits and hyphens, a letter or digit at both ends',
    );
  }

  /** @param role its ARN */
  role(role: string): void {
    const pattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
    this.matches('role', role, pattern, 'the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME');
  }

  /** @param image its URI */
  image(image: string): void {
    this.matches('image', image, /^\S{1,255}$/, 'the URI of an image, at most 255 characters');
  }

  /**
   * @param what in the request
   * @param uri in S3
   */
  s3(what: string, uri: string | undefined): void {
    const isRight =
      uri !== undefined &&
      (this.isLater(uri) || /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/.test(uri)) &&
      uri.length <= 1024;
    this.expect(
      isRight,
      what,
      's3://BUCKET/KEY with a bucket of 3 to 63 lower-case letters, digits, dots and hyphens, 1,024 characters at most',
      uri,
    );
  }

  /**
   * @param what in the request
   * @param value of it
   * @param least allowed
   * @param most allowed
   */
  whole(what: string, value: number | undefined, least: number, most: number): void {
    const isRight = value !== undefined && Number.isInteger(value) && value >= least && value <= most;
    this.expect(isRight, what, `a whole number from ${least} to ${most.toLocaleString('en')}`, value);
  }

  /**
   * @param type of an instance
   * @param known all that SageMaker has for such a job
   */
  instanceType(type: string, known: readonly string[]): void {
    if (known.includes(type)) return;
    const close = nearest(type, known);
    this.found.push(
      `instance type: SageMaker has no ${shown(type)} for such a job${close === undefined ? '' : `, did you mean ${close}?`}`,
    );
  }

  /** @param network of the job, where it has one of its own */
  vpc({ VpcConfig: network }: VpcFields): void {
    if (network === undefined) return;
    const all = (ids: readonly string[], pattern: RegExp, most: number): boolean =>
      ids.length >= 1 && ids.length <= most && ids.every((id) => this.isLater(id) || pattern.test(id));
    this.expect(
      all(network.Subnets, /^subnet-[0-9a-zA-Z-]{1,25}$/, 16),
      'subnets',
      '1 to 16 of the form subnet-…',
      network.Subnets.join(', '),
    );
    this.expect(
      all(network.SecurityGroupIds, /^sg-[0-9a-zA-Z-]{1,29}$/, 5),
      'security groups',
      '1 to 5 of the form sg-…',
      network.SecurityGroupIds.join(', '),
    );
  }

  /**
   * @param environment of the job
   * @param longest value; training and processing differ
   */
  environment(environment: Readonly<Record<string, string>>, longest: number): void {
    const entries = Object.entries(environment);
    this.expect(entries.length <= 100, 'environment', 'at most 100 variables', entries.length);
    for (const [name, value] of entries) {
      this.matches(
        `environment ${name}`,
        name,
        /^[a-zA-Z_][a-zA-Z0-9_]{0,255}$/,
        'a name of letters, digits and _',
      );
      this.expect(
        this.isLater(value) || value.length <= longest,
        `environment ${name}`,
        `at most ${longest} characters`,
        `${value.length}`,
      );
    }
  }

  /** @param tags of the job */
  tags(tags: readonly Tag[]): void {
    this.expect(tags.length <= 50, 'tags', 'at most 50', tags.length);
    for (const { Key: key, Value: value } of tags) {
      const isRight = key.length >= 1 && key.length <= 128 && value.length <= 256 && !/^aws:/i.test(key);
      this.expect(
        isRight && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(`${key}${value}`),
        `tag ${key}`,
        'a key of at most 128, a value of at most 256 letters, digits, spaces and _.:/=+-@, not beginning with aws:',
        value,
      );
    }
  }

  /**
   * @param what is named
   * @param names of it
   */
  unique(what: string, names: readonly string[]): void {
    const twice = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
    this.expect(twice.length === 0, what, 'every name once', listing(twice));
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : typeof value === 'number' ? String(value) : JSON.stringify(value);
}
