/** The Action: wiring only. */
import { runAction } from './commands/action/run.ts';

await runAction(process.env, process.cwd());
