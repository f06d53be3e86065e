/** The App's server alone in a process, before a GitHub that the parent runs. Prints its address, then what it logged. */
import { createLog } from '../../../app/log.ts';
import { startServer } from '../../../app/server.ts';

let logged = 0;
const log = createLog('info', [], {
  write: (line: string) => {
    logged += line.length;
  },
});
const environment = JSON.parse(process.env.BENCH_ENVIRONMENT ?? '');
const server = await startServer({ environment, variables: {}, log });
process.stdout.write(`${server.url}\n`);
process.on('SIGTERM', () => {
  process.stdout.write(`${logged}\n`);
  process.exit(0);
});
