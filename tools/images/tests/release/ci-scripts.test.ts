import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMoto } from '@hemline/stores/testing';
import { WORKSPACE } from '../../src/spec/workspace.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'hemline-ci-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script of CI, with programs of the folder `bin` before all others. */
function script(
  name: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(join(WORKSPACE, '.ci', name), args, {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, ...environment },
  });
  return { code: status, stdout: stdout.trim(), stderr };
}

/** A registry whose images are files, its tags never moved, for what the scripts ask skopeo. */
const SKOPEO = `#!/usr/bin/env bash
set -euo pipefail
place() { echo "$STORE/$(sed -e 's|^docker://||' -e 's|[/:]|_|g' <<<"$1")"; }
case "$1" in
  inspect)
    [ "$2" = --raw ]
    cat "$(place "$3")" ;;
  copy)
    [ "$2 $3" = '--all --preserve-digests' ]
    to=$(place "$5")
    if [ -e "$to" ]; then echo 'tag is immutable' >&2; exit 1; fi
    case "$4" in
      oci-archive:*) cp "\${4#oci-archive:}" "$to" ;;
      *) cp "$(place "$4")" "$to" ;;
    esac ;;
  *) exit 9 ;;
esac
`;

describe('publishing and releasing', () => {
  let store: string;
  let settings: Record<string, string>;
  beforeEach(() => {
    store = join(folder, 'store');
    mkdirSync(store);
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'skopeo'), SKOPEO, { mode: 0o755 });
    settings = { STORE: store, HEMLINE_REGISTRY: 'r' };
  });
  const put = (name: string, content: string): void => writeFileSync(join(store, name), content);
  const digest = (content: string): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const IMAGES = JSON.stringify([
    { image: 'a', variant: 'cpu' },
    { image: 'a', variant: 'gpu' },
    { image: 'b', variant: 'cpu' },
  ]);

  it('pushes an image once under the tag of its commit, that for GPUs beside it', () => {
    const archive = join(folder, 'a.oci.tar');
    writeFileSync(archive, 'built');
    expect(script('publish', ['a', 'cpu', 'abc', archive], settings).code).toBe(0);
    expect(script('publish', ['a', 'gpu', 'abc', archive], settings).code).toBe(0);
    expect(readdirSync(store).sort()).toEqual(['r_hemline_a_abc', 'r_hemline_a_abc-gpu']);
    writeFileSync(archive, 'built again');
    const again = script('publish', ['a', 'cpu', 'abc', archive], settings);
    expect([again.code, again.stdout]).toEqual([0, 'hemline/a:abc is there already']);
    expect(readFileSync(join(store, 'r_hemline_a_abc'), 'utf8')).toBe('built');
  });

  it('gives images that a commit did not touch its tag as they were, and prints the digests of all', () => {
    put('r_hemline_a_old', 'a');
    put('r_hemline_a_old-gpu', 'a for GPUs');
    put('r_hemline_b_old', 'b before');
    put('r_hemline_b_abc', 'b');
    const digests = {
      a: { cpu: digest('a'), gpu: digest('a for GPUs') },
      b: { cpu: digest('b') },
    };
    for (const before of ['old', 'anything: it is there by now']) {
      const { code, stdout, stderr } = script('release', ['abc', before, IMAGES], settings);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toBe(JSON.stringify(digests));
    }
    expect(readFileSync(join(store, 'r_hemline_a_abc-gpu'), 'utf8')).toBe('a for GPUs');
  });

  it('is no release while an image is missing, and says which', () => {
    put('r_hemline_a_old', 'a');
    const { code, stdout, stderr } = script('release', ['abc', 'old', IMAGES], settings);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/hemline\/a has neither the tag abc-gpu nor old-gpu: build it/);
  });
});

const moto = await startMoto();
if (moto.missing === null) afterAll(() => moto.close());
const hasAws = spawnSync('aws', ['--version']).status === 0;
const missing = moto.missing ?? (hasAws ? null : 'the program aws is not on the path');

describe.skipIf(missing !== null)(
  `the repository of an image${missing === null ? '' : `, skipped: ${missing}`}`,
  () => {
    const environment = {
      AWS_ENDPOINT_URL: moto.missing === null ? moto.url : '',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    /** Asks moto, without a program that takes seconds to start; nobody looks at the signature. */
    const ecr = async (action: string, request: object): Promise<unknown> => {
      const response = await fetch(environment.AWS_ENDPOINT_URL, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-amz-json-1.1',
          'X-Amz-Target': `AmazonEC2ContainerRegistry_V20150921.${action}`,
          Authorization:
            'AWS4-HMAC-SHA256 Credential=a/20260105/eu-central-1/ecr/aws4_request, SignedHeaders=host, Signature=0',
        },
        body: JSON.stringify(request),
      });
      expect(response.status).toBe(200);
      return response.json();
    };

    it('has tags that are never moved, a key, and an end for what nothing names; also where it was there before', async () => {
      const key = 'arn:aws:kms:eu-central-1:123456789012:key/1';
      await ecr('CreateRepository', { repositoryName: 'hemline/before' });
      for (const name of ['new', 'before']) {
        const { code, stderr } = script('ecr-repository', [name], {
          ...environment,
          HEMLINE_REGISTRY_KEY: key,
        });
        expect([code, stderr]).toEqual([0, '']);
        expect(await ecr('DescribeRepositories', { repositoryNames: [`hemline/${name}`] })).toMatchObject({
          repositories: [
            {
              imageTagMutability: 'IMMUTABLE',
              ...(name === 'new' ? { encryptionConfiguration: { encryptionType: 'KMS', kmsKey: key } } : {}),
            },
          ],
        });
        const { lifecyclePolicyText } = (await ecr('GetLifecyclePolicy', {
          repositoryName: `hemline/${name}`,
        })) as { lifecyclePolicyText: string };
        const { rules } = JSON.parse(lifecyclePolicyText) as { rules: { selection: object }[] };
        expect(rules.map(({ selection }) => selection)).toEqual([
          { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 30 },
          {
            tagStatus: 'tagged',
            tagPatternList: ['*-gpu'],
            countType: 'imageCountMoreThan',
            countNumber: 100,
          },
          { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: 100 },
        ]);
      }
    }, 180_000);

    it('is not made where it cannot be known whether it is there', () => {
      const { code, stderr } = script('ecr-repository', ['x'], {
        ...environment,
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
        AWS_MAX_ATTEMPTS: '1',
      });
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/Could not connect/);
    }, 60_000);
  },
);

describe('the history of benchmarks', () => {
  it('begins where there is none, grows, and is not begun anew where it cannot be read', () => {
    const git = (at: string, ...args: string[]): string => {
      const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.com'];
      const { status, stdout, stderr } = spawnSync('git', ['-C', at, ...identity, ...args], {
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
      return stdout.trim();
    };
    const origin = join(folder, 'origin');
    mkdirSync(origin);
    git(origin, 'init', '--quiet', '--bare', '--initial-branch', 'main');
    /** A checkout with the script, as a job has it. */
    const night = (figures: string): ReturnType<typeof script> => {
      const clone = mkdtempSync(join(folder, 'clone-'));
      git(folder, 'clone', '--quiet', origin, clone);
      mkdirSync(join(clone, '.ci'), { recursive: true });
      const path = join(clone, '.ci', 'benchmark-history');
      writeFileSync(path, readFileSync(join(WORKSPACE, '.ci', 'benchmark-history')), { mode: 0o755 });
      git(clone, 'add', '.');
      if (git(clone, 'status', '--porcelain') !== '') git(clone, 'commit', '--quiet', '--message', 'code');
      git(clone, 'push', '--quiet', 'origin', 'HEAD:refs/heads/main');
      const history = join(clone, 'history');
      const run = (command: string): ReturnType<typeof script> => {
        const { status, stdout, stderr } = spawnSync(path, [command, history], { encoding: 'utf8' });
        return { code: status, stdout, stderr };
      };
      const fetched = run('fetch');
      if (fetched.code !== 0) return fetched;
      const file = join(history, 'benchmarks.jsonl');
      writeFileSync(file, `${existsSync(file) ? readFileSync(file, 'utf8') : ''}${figures}\n`);
      return run('push');
    };
    for (const figures of ['1', '2']) {
      const { code, stderr } = night(figures);
      expect(code, stderr).toBe(0);
    }
    expect(git(origin, 'show', 'benchmarks:benchmarks.jsonl')).toBe('1\n2');
    expect(git(origin, 'ls-tree', '--name-only', 'benchmarks')).toBe('benchmarks.jsonl');
    expect(git(origin, 'rev-list', '--count', 'benchmarks')).toBe('2');
    const clone = readdirSync(folder).find((name) => name.startsWith('clone-'))!;
    git(join(folder, clone), 'remote', 'set-url', 'origin', join(folder, 'nowhere'));
    const lost = spawnSync(join(folder, clone, '.ci', 'benchmark-history'), ['fetch', join(folder, 'h')]);
    expect(lost.status).toBe(128);
    expect(existsSync(join(folder, 'h'))).toBe(false);
  }, 60_000);
});
