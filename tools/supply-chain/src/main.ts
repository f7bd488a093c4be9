import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { HemlineError } from '@hemline/core';
import { knownVulnerabilities } from './audit-report.ts';
import { auditVerdict } from './audit-verdict.ts';
import { readExceptions } from './exceptions.ts';
import { licenceVerdict } from './licence-verdict.ts';
import { pinnedPackages } from './lockfile.ts';
import { noticesOf } from './notices.ts';

/*
 * What comes from others. `audit` asks the registry for known vulnerabilities, `licences` holds the lockfile against what is allowed,
 * `notices` prints what others ask to be passed on. Exit codes: 0, 1 where something is not excepted, 75 where nobody could be asked.
 */
const ROOT = join(import.meta.dirname, '../../..');
const EXCEPTIONS = join(import.meta.dirname, '../exceptions.json');

function audit(): number {
  const { stdout, stderr } = spawnSync('npm', ['audit', '--json', '--omit=dev'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  let found;
  try {
    found = knownVulnerabilities(stdout || stderr);
  } catch (error) {
    if (!(error instanceof HemlineError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 75;
  }
  const today = new Date().toISOString().slice(0, 10);
  const { open, excepted, stale } = auditVerdict(found, readExceptions(EXCEPTIONS).advisories, today);
  for (const { severity, package: name, range, title, advisory } of open)
    process.stderr.write(`${severity}: ${name} ${range}: ${title} (${advisory})\n`);
  for (const { package: name, advisory } of stale)
    process.stderr.write(`the exception of ${name} (${advisory}) is not needed any more: take it out\n`);
  process.stdout.write(
    `${open.length} open, ${excepted.length} excepted, ${stale.length} stale exceptions\n`,
  );
  return open.length + stale.length === 0 ? 0 : 1;
}

function licences(): number {
  const packages = pinnedPackages(join(ROOT, 'package-lock.json'));
  const { refused, stale } = licenceVerdict(packages, readExceptions(EXCEPTIONS));
  for (const { folder, version, licence } of refused)
    process.stderr.write(
      `${folder} ${version} has the licence ${licence ?? 'of nobody knows'}, which is not allowed\n`,
    );
  for (const { package: name, licence } of stale)
    process.stderr.write(
      `the exception of ${name} (${licence ?? 'none'}) is not needed any more: take it out\n`,
    );
  process.stdout.write(
    `${packages.length} packages, ${refused.length} refused, ${stale.length} stale exceptions\n`,
  );
  return refused.length + stale.length === 0 ? 0 : 1;
}

function notices(): number {
  process.stdout.write(noticesOf(pinnedPackages(join(ROOT, 'package-lock.json')), ROOT));
  return 0;
}

const COMMANDS: Readonly<Record<string, () => number>> = { audit, licences, notices };
const command = COMMANDS[process.argv[2] ?? ''];
if (command === undefined) {
  process.stderr.write(
    `expected one of ${Object.keys(COMMANDS).join(', ')}, found ${process.argv[2] ?? 'nothing'}\n`,
  );
  process.exitCode = 2;
} else process.exitCode = command();
