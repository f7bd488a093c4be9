import { pricedMarket } from '../desk/priced-market.ts';
import type { BenchmarkCase, Measured, Verdict } from '../harness/contestant.ts';
import { nodeProgram } from './programs.ts';

const ARTICLES = 4000;
const PER_SECOND = 200;
const SECONDS = 60;
const KILLS = 10;
const QUIET = 'left alone';
const KILLED = 'killed ten times';

/** Twenty people at one desk: nothing that was confirmed is lost or done twice. */
export const deskLoad: BenchmarkCase = {
  name: 'desk-load',
  description:
    '200 requests a second by 20 people at the desk for a minute, and with its server killed ten times',
  rounds: 1,
  async prepare() {
    const home = await pricedMarket(ARTICLES, 1);
    const program = (kills: number): ReturnType<typeof nodeProgram> =>
      nodeProgram('desk-load.ts', [home, String(PER_SECOND), String(SECONDS), String(kills)]);
    return [
      {
        title: `${PER_SECOND} requests a second for ${SECONDS} s by 20 people; seconds are those of 99 of 100 requests`,
        contestants: [
          { name: QUIET, program: program(0) },
          { name: KILLED, program: program(KILLS) },
        ],
        skipped: [],
        reference: QUIET,
        verdicts,
      },
    ];
  },
};

function verdicts(find: (name: string) => Measured | null): Verdict[] {
  return [QUIET, KILLED].flatMap((name) => {
    const { samples } = find(name)!;
    const most = (figure: string): number => Math.max(...samples.map(({ figures }) => figures![figure]!));
    const verdict = (requirement: string, value: number, limit: number): Verdict => ({
      ...{ requirement: `${name}: ${requirement}`, value, limit },
      holds: value <= limit,
    });
    return [
      verdict('errors', most('errors'), 0),
      verdict('decisions lost', most('lost'), 0),
      verdict('decisions doubled', most('doubled'), 0),
      verdict('rows that differ in the store of decisions', most('differingInStore'), 0),
      verdict('seconds of 99 of 100 requests', most('p99Seconds'), 0.25),
    ];
  });
}
