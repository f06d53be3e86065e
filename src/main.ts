/** The Action: wiring only. */
import { runAction } from './commands/action/run.ts';
import { takeHandedOver } from './commands/exec/restart.ts';

takeHandedOver(process.env);
await runAction(process.env, process.cwd());
