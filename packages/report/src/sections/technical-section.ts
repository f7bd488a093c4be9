import { html } from '../page/html.ts';
import { showDuration } from '../page/numbers.ts';
import { section, type Section } from '../page/section.ts';
import type { ReportSource } from '../source/report-source.ts';

/**
 * What one needs to make the run again.
 * @param source of the report
 * @returns the section
 */
export function technicalSection({ run }: ReportSource): Section {
  const { record, directory } = run;
  const { code, process: writer } = record;
  const facts: readonly (readonly [string, string])[] = [
    ['duration', showDuration(record.seconds)],
    ...Object.entries(record.parameters),
    ['command', record.command.join(' ')],
    [
      'code',
      `${code.version}${code.commit === null ? '' : `, commit ${code.commit.slice(0, 12)}`}${code.dirty === true ? ', with changes' : ''}`,
    ],
    ['machine', `${writer.host}, Node ${writer.node}`],
    ['folder of the run', directory],
    ...record.inputs.map(({ name, fingerprint }) => [`fingerprint of ${name}`, fingerprint ?? '–'] as const),
  ];
  return section(
    'technical',
    'Technical facts',
    html`<dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`,
  );
}
