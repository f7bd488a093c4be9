// The stand-in as a process of its own, for tests of other projects: serve.ts FOLDER BUCKET=FOLDER… prints, as JSON, the environment
// in which the SDK finds it, and serves until it is ended.
import { SageMakerStandIn } from './sagemaker-stand-in.ts';

const [folder, ...pairs] = process.argv.slice(2);
const buckets = Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
const server = new SageMakerStandIn(folder!, buckets);
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify(await server.listen())}\n`);
