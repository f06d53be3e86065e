/** `npm start`: the App's server. Problems of the environment are printed one per line before it starts. */
import { readEnvironment } from './environment.ts';
import { createLog } from './log.ts';
import { startServer } from './server.ts';

const read = readEnvironment(process.env);
if (!read.ok) {
  for (const problem of read.problems) process.stderr.write(`error: ${problem}\n`);
  process.stderr.write('The App did not start. gateway-rollout app --help links to its variables.\n');
  process.exit(2);
}

const { environment } = read;
const log = createLog(environment.logLevel, environment.secrets);
const server = await startServer({ environment, variables: process.env, log }).catch((error: unknown) => {
  log.fatal({ err: error }, `The App cannot listen on ${environment.host}:${environment.port}.`);
  process.exit(1);
});
log.info({ url: server.url }, 'The App is listening.');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    log.info({ signal }, 'The App finishes its work and stops.');
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'The App could not stop cleanly.');
        process.exit(1);
      },
    );
  });
}
