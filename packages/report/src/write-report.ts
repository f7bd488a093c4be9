import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StoreError } from '@hemline/core';
import type { KnownRun } from '@hemline/runs';
import { html } from './page/html.ts';
import { page } from './page/page.ts';
import type { Section } from './page/section.ts';
import { answerOf } from './answer/answer.ts';
import { mainForecasts } from './answer/main-forecasts.ts';
import { absentSection } from './sections/absent-section.ts';
import { answerSection } from './sections/answer-section.ts';
import { articlesSection } from './sections/articles-section.ts';
import { blendSection } from './sections/blend-section.ts';
import { curvesSection } from './sections/curves-section.ts';
import { dataSection } from './sections/data-section.ts';
import { explanationsSection } from './sections/explanations-section.ts';
import { frontierSection } from './sections/frontier-section.ts';
import { monitoringSections } from './sections/monitoring-section.ts';
import { QUANTITY_ORDER } from './sections/quantity-words.ts';
import { recommendationsSection } from './sections/recommendations-section.ts';
import { reactionSection } from './sections/reaction-section.ts';
import { residualSection } from './sections/residual-section.ts';
import { calibrationSection, returnTimeSection } from './sections/return-sections.ts';
import { scoresSection } from './sections/scores-section.ts';
import { seasonSection } from './sections/season-section.ts';
import { technicalSection } from './sections/technical-section.ts';
import { timelineSection } from './sections/timeline-section.ts';
import { trainingSection } from './sections/training-section.ts';
import { readDemandForecasts } from './source/demand-forecasts.ts';
import { readGainCurves } from './source/gain-curves.ts';
import { readPlayedSeason } from './source/played-season.ts';
import { readSource, type RunContext } from './source/read-source.ts';
import { readRecommendations } from './source/recommendations.ts';
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
  const { record } = source.run;
  const demand = await readDemandForecasts(source, mainForecasts(source, 'demand'));
  const answer = answerOf(source, demand.overview);
  const priced = await readRecommendations(record);
  const gains = priced === null ? [] : await readGainCurves(priced, source.models, demand.overview);
  const sections: Section[] = [
    ...(record.kind === 'monitor' && source.monitoring !== null ? monitoringSections(source.monitoring) : []),
    ...(record.kind === 'season' ? [seasonSection(await readPlayedSeason(record))] : []),
    recommendationsSection(priced, gains),
    ...source.frontiers.map(frontierSection),
    articlesSection(source, demand.overview, demand.articles),
    reactionSection(demand.overview, demand.model),
    curvesSection(source, demand),
    ...QUANTITY_ORDER.map((quantity) => scoresSection(source, quantity)),
    calibrationSection(source),
    returnTimeSection(source),
    residualSection(source),
    blendSection(source),
    explanationsSection(source),
    trainingSection(source),
    dataSection(source),
    timelineSection(source),
    technicalSection(source),
  ];
  const shown = sections.filter((each) => !each.isEmpty);
  const absent = sections.filter((each) => each.isEmpty);
  const footer = html`Weeks are named by their first day. Written by hemline from the record of the run and
  the files beside it.`;
  return page(
    `hemline: ${record.run}`,
    answerSection(source, answer, demand.overview),
    absent.length === 0 ? shown : [...shown, absentSection(absent)],
    footer,
  );
}
