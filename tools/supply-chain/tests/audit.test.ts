import { describe, expect, it } from 'vitest';
import { knownVulnerabilities } from '../src/audit-report.ts';
import { auditVerdict } from '../src/audit-verdict.ts';

/** As npm 11 prints it: one advisory of a package, and a package that is affected through it. */
const REPORT = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: {
    inner: {
      name: 'inner',
      severity: 'high',
      isDirect: false,
      via: [
        {
          source: 1,
          name: 'inner',
          dependency: 'inner',
          title: 'Reads too far',
          url: 'https://advisories.example/A-1',
          severity: 'high',
          range: '<2.0.0',
        },
      ],
      effects: ['outer'],
      range: '<2.0.0',
      nodes: ['node_modules/inner'],
      fixAvailable: true,
    },
    outer: {
      name: 'outer',
      severity: 'high',
      isDirect: true,
      via: ['inner'],
      effects: [],
      range: '*',
      nodes: ['node_modules/outer'],
      fixAvailable: true,
    },
  },
  metadata: {},
});

const INNER = { advisory: 'https://advisories.example/A-1', package: 'inner' };
const EXCEPTION = { ...INNER, reason: 'only reads files of our own', until: '2027-01-01' };

describe('audit', () => {
  it('names each advisory once, by the package that has it', () => {
    expect(knownVulnerabilities(REPORT)).toEqual([
      { ...INNER, severity: 'high', title: 'Reads too far', range: '<2.0.0' },
    ]);
  });

  it.each([
    '',
    'npm error audit endpoint returned an error',
    '{"message":"405 Method Not Allowed"}',
    '{"auditReportVersion":1,"vulnerabilities":{}}',
  ])('does not take silence for safety: %s', (text) => {
    expect(() => knownVulnerabilities(text)).toThrow(
      /could not be asked for.*expected a report of npm audit/s,
    );
  });

  it('leaves open what nobody has excepted', () => {
    const { open, excepted, stale } = auditVerdict(knownVulnerabilities(REPORT), [], '2026-12-01');
    expect([open.length, excepted.length, stale.length]).toEqual([1, 0, 0]);
  });

  it('lives with an exception until its day, and not on it', () => {
    const found = knownVulnerabilities(REPORT);
    expect(auditVerdict(found, [EXCEPTION], '2026-12-31').open).toEqual([]);
    expect(auditVerdict(found, [EXCEPTION], '2027-01-01').open.length).toBe(1);
  });

  it('asks for exceptions to be taken out that nothing needs', () => {
    const stale = { ...EXCEPTION, package: 'gone' };
    expect(auditVerdict(knownVulnerabilities(REPORT), [EXCEPTION, stale], '2026-12-01').stale).toEqual([
      stale,
    ]);
  });
});
