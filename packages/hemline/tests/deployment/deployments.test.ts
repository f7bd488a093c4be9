import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { synthesize } from '@hemline/workflow/stack';
import { deployments } from '../../src/deployment/deployments.ts';
import { deployedModels } from '../../src/deployment/deployed-models.ts';
import { readDeploySettings } from '../../src/deployment/deploy-settings.ts';
import { modelCatalog } from '../../src/workflow/model-catalog.ts';
import { modelPackages } from '../../src/workspace.ts';

const COMMIT = { HEMLINE_IMAGE_TAG: '1f0c' };
const digest = (i: number): string => `sha256:${String(i).padStart(64, '0')}`;

describe('settings of an account', () => {
  it.each([
    [{}, /which images it runs.*HEMLINE_IMAGE_TAG.*found nothing/s],
    [{ HEMLINE_IMAGE_TAG: 'latest' }, /found latest/],
    [{ ...COMMIT, HEMLINE_IMAGE_DIGESTS: 'sha256:12' }, /digests of the images cannot be read.*sha256:12/s],
    [{ ...COMMIT, HEMLINE_IMAGE_DIGESTS: '{"a": "sha256:12"}' }, /\.ci\/release/],
  ])('%j are refused', (environment, message) => {
    expect(() => readDeploySettings(environment)).toThrow(message);
  });

  it('are images, people and a network', () => {
    const digests = { a: { cpu: digest(1) } };
    expect(
      readDeploySettings({
        ...COMMIT,
        HEMLINE_IMAGE_DIGESTS: JSON.stringify(digests),
        HEMLINE_ALERT_EMAIL: 'desk@example.com',
        HEMLINE_SUBNETS: 'subnet-1,subnet-2',
        HEMLINE_SECURITY_GROUPS: 'sg-1',
      }),
    ).toEqual({
      imageTag: '1f0c',
      imageDigests: digests,
      emails: ['desk@example.com'],
      network: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] },
    });
    expect(readDeploySettings({ ...COMMIT, HEMLINE_ALERT_EMAIL: '' })).toEqual({
      imageTag: '1f0c',
      emails: [],
    });
  });
});

describe('a deployment by the workflow', () => {
  const read = (path: string): string =>
    readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), 'utf8');

  it('is given every setting of the account', () => {
    const settings = new Set(
      read('packages/hemline/src/deployment/deploy-settings.ts').match(/(?<=')HEMLINE_\w+(?=')/g),
    );
    expect(settings.size).toBe(5);
    const given = read('.github/workflows/deploy.yml') + read('.ci/synth');
    for (const name of settings) expect(given).toMatch(new RegExp(`^\\s*(export )?${name}[:=]`, 'm'));
  });
});

describe('models of a stage', () => {
  it('are those whose packages name it', () => {
    const packages = [
      { name: 'a', deploy: ['staging', 'production'] },
      { name: 'b', deploy: ['staging'] },
      { name: 'c', deploy: [] },
    ];
    expect(deployedModels(packages, 'staging')).toEqual(['a', 'b']);
    expect(deployedModels(packages, 'production')).toEqual(['a']);
  });

  it('are at least one, and of stages that there are', () => {
    expect(() => deployedModels([{ name: 'a', deploy: ['staging'] }], 'production')).toThrow(
      /production has no model.*"deploy": \["production"\]/s,
    );
    expect(() => deployedModels([{ name: 'a', deploy: ['prod'] }], 'production')).toThrow(
      /models\/a\/package\.json.*expected .*staging, production.*found prod/s,
    );
  });
});

describe('its programs', () => {
  /** Runs a program of the folder, as `npx cdk` does. */
  const program = (name: string, environment: Readonly<Record<string, string>>) =>
    spawnSync(process.execPath, [fileURLToPath(new URL(`../../src/deployment/${name}`, import.meta.url))], {
      encoding: 'utf8',
      env: { ...process.env, HEMLINE_IMAGE_TAG: '', ...environment },
    });

  it('tell what is wrong without a stack', () => {
    const { status, stderr } = program('app.ts', {});
    expect(status).toBe(65);
    expect(stderr).toMatch(/^a deployment has to say which images it runs; .*\n$/);
  }, 60_000);

  it('print the quotas that an account has to have, without asking for images', () => {
    const { status, stdout, stderr } = program('print-quotas.ts', {});
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^hemline-staging: machines at once/);
    expect(stdout).toMatch(/^ +2 {2}ml\.g5\.2xlarge for spot training job usage \(training\)$/m);
    expect(stdout).toMatch(/^ +\d+ {2}ml\.m5\.4xlarge for processing job usage \(\w+\)$/m);
  }, 60_000);
});

describe('deployments', () => {
  it('have no production without digests, and say so', async () => {
    const catalog = await modelCatalog();
    const { deployments: found, leftOut } = deployments(catalog, modelPackages(), COMMIT);
    expect(found.map(({ stage }) => stage)).toEqual(['staging']);
    expect(leftOut.join()).toMatch(/hemline-production is left out.*HEMLINE_IMAGE_DIGESTS/);
  }, 60_000);

  it('name every image of production by its digest, and what is not in it by none', async () => {
    const catalog = await modelCatalog();
    const names = ['data', 'pricing', ...catalog.map(({ name }) => name)];
    const digests = Object.fromEntries(
      names.map((name, i) => [name, { cpu: digest(i), gpu: digest(100 + i) }]),
    );
    const packages = modelPackages().map((each) =>
      each.name === 'return-rate-trees' ? { ...each, deploy: ['staging'] } : each,
    );
    const { deployments: found, leftOut } = deployments(catalog, packages, {
      ...COMMIT,
      HEMLINE_IMAGE_DIGESTS: JSON.stringify(digests),
    });
    expect([found.map(({ stage }) => stage), leftOut]).toEqual([['staging', 'production'], []]);
    const production = found[1]!;
    const text = JSON.stringify(synthesize({ ...production, imageRegistry: 'registry' }).template);
    const images = [...text.matchAll(/\\"(?:TrainingImage|ImageUri)\\":\\"([^"\\]+)/g)].map(
      ([, image]) => image,
    );
    expect(images.length).toBeGreaterThan(20);
    for (const image of images) expect(image).toMatch(/^registry\/hemline\/[a-z-]+@sha256:\d{64}$/);
    expect(images).toContain(`registry/hemline/demand-blend@${digests['demand-blend']!.gpu}`);
    expect(images).toContain(`registry/hemline/data@${digests['data']!.cpu}`);
    expect(text).not.toContain('return-rate-trees');
    const { 'demand-naive': _, ...missing } = digests;
    expect(() => synthesize({ ...production, imageDigests: missing })).toThrow(
      /the image demand-naive of the deployment production has no digest/,
    );
  }, 240_000);
});
