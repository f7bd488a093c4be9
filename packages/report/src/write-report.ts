import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StoreError } from '@hemline/core';
import type { KnownRun } from '@hemline/runs';
import { html } from './page/html.ts';
import { page } from './page/page.ts';
import type { Section } from './page/section.ts';
import { curvesSection } from './sections/curves-section.ts';
import { dataSection } from './sections/data-section.ts';
import { explanationsSection } from './sections/explanations-section.ts';
import { header } from './sections/header.ts';
import { QUANTITY_ORDER } from './sections/quantity-words.ts';
import { residualSection } from './sections/residual-section.ts';
import { calibrationSection, returnTimeSection } from './sections/return-sections.ts';
import { scoresSection } from './sections/scores-section.ts';
import { timelineSection } from './sections/timeline-section.ts';
import { trainingSection } from './sections/training-section.ts';
import { readSource, type RunContext } from './source/read-source.ts';
import type { ReportSource } from './source/report-source.ts';

/** What a report came to. */
export interface WrittenReport {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Writes the report of a run: one page that needs nothing but itself.
 * @param run with its record
 * @param context what the folder of the run does not say
 * @param file to write, in place of one that may be there
 * @returns where it is, and how large
 * @throws ArtifactError when a file of the run is damaged
 * @throws StoreError when the report cannot be written
 */
export async function writeReport(run: KnownRun, context: RunContext, file: string): Promise<WrittenReport> {
  const text = await renderReport(await readSource(run, context));
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new StoreError('the report cannot be written', {
      found: (cause as Error).message,
      where: { file },
      remedy: 'Check the free space and the permissions, or name another file with --out.',
      cause,
    });
  }
  return { file, bytes: Buffer.byteLength(text) };
}

/**
 * The page of a report.
 * @param source what it is made of
 * @returns HTML
 */
export async function renderReport(source: ReportSource): Promise<string> {
  const sections: Section[] = [
    ...QUANTITY_ORDER.map((quantity) => scoresSection(source, quantity)),
    await curvesSection(source),
    calibrationSection(source),
    returnTimeSection(source),
    residualSection(source),
    explanationsSection(source),
    trainingSection(source),
    dataSection(source),
    timelineSection(source),
  ];
  const { record } = source.run;
  const { code, process: writer } = record;
  const footer = html`Run ${record.run} of ${writer.host}, code
  ${code.version}${code.commit === null ? '' : `, commit ${code.commit.slice(0, 12)}`}. Weeks are named by
  their first day. Written by hemline from the record of the run and the files beside it.`;
  return page(`hemline: ${record.run}`, header(source), sections, footer);
}
