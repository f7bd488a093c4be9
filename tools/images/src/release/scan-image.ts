import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../container/run-command.ts';
import { ImageTestError } from '../check-image/image-test-error.ts';

/** Trivy, by digest: a scanner that could be exchanged unseen would be the way in. */
const TRIVY = 'aquasec/trivy:0.69.3@sha256:bcc376de8d77cfe086a917230e818dc9f8528e3c852f7b1aff648949b6258d1c';

/**
 * Looks for known vulnerabilities and secrets in an image on this machine. Those without a fix are shown, and are no reason to stop:
 * nobody here could act on them.
 * @param reference of an image in docker's store
 * @throws ImageTestError where there is a severe one with a fix
 */
export async function scanImage(reference: string): Promise<void> {
  const isHere = spawnSync('trivy', ['--version'], { stdio: 'ignore' }).status === 0;
  const { code } = await runCommand(scanCommand(reference, isHere), { show: true });
  if (code === 0) return;
  throw new ImageTestError(`${reference} is not fit to be released`, {
    expected: 'no vulnerability of severity HIGH or CRITICAL that has a fix, and no secret',
    found: `the list above (exit code ${code})`,
    remedy: 'Take a newer base image (BASE_IMAGE in docker/), or update what the lockfile pins.',
  });
}

/**
 * @param reference of an image in docker's store
 * @param isHere whether trivy is on the path; else its own image runs
 * @returns the command
 */
export function scanCommand(reference: string, isHere: boolean): string[] {
  const options = [
    '--exit-code',
    '1',
    '--severity',
    'HIGH,CRITICAL',
    '--ignore-unfixed',
    '--scanners',
    'vuln,secret',
  ];
  if (isHere) return ['trivy', 'image', ...options, reference];
  const cache = join(tmpdir(), 'hemline-trivy');
  const volumes = ['/var/run/docker.sock:/var/run/docker.sock', `${cache}:/cache`];
  return [
    'docker',
    'run',
    '--rm',
    ...volumes.flatMap((volume) => ['--volume', volume]),
    TRIVY,
    'image',
    '--cache-dir',
    '/cache',
    ...options,
    reference,
  ];
}
