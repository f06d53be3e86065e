/** Production: copies and a rollback, an incident, a question, and every stage up to the final report. */
import type { Config } from '../../src/config/schema.ts';
import type { Measurement } from '../../src/measure/measurement.ts';
import { HOUR, MINUTE } from './clock.ts';
import { COMPLETE_AFTER, observeProduction } from './observation.ts';
import { comment, deliver, expectHeadline, keepIssue, type Scene, showIssue, showReply } from './scene.ts';

const WINDOW = 6 * HOUR;
const SHADOW = 'shadow: 100%';
/** The gateway's upstream has several accounts, one of which fails. */
const ONE_ACCOUNT_FAILS = Array.from({ length: 40 }, (_, index) => `403@${20 * (index + 1)}`);

/** @returns the measurements of the walk that was rolled back, and of the one that reached the end */
export async function walkProduction(
  scene: Scene,
  config: Config,
  end: 'last-stage' | 'completed',
): Promise<Measurement[][]> {
  const { narrator, clock } = scene;
  const walks: Measurement[][] = [[], []];
  let walk = 0;
  const pass = async (stage: string, windows: number, users: number, faults: readonly string[] = []) => {
    walks[walk]?.push(...(await passWindows(scene, config, { stage, windows, users, faults })));
  };

  await narrator.chapter('Stage shadow: the gateway gets copies, and someone disables its key');
  await pass(SHADOW, 1, 120, ['key-disabled']);
  await expectHeadline(scene, 'Rolled back');
  await showReply(scene);
  narrator.aside(
    "Every user was served by the official API: the copies' answers go to nobody. The key is fixed, and mara restarts.",
  );
  walk = 1;
  clock.pass(HOUR);
  await comment(scene, 'mara', '/retry-rollout');
  await pass(SHADOW, 4, 80);
  await expectHeadline(scene, '**25%**');
  await showReply(scene, 3);

  await narrator.chapter('Stage 25%: six bad hours');
  await pass('25%', 3, 180);
  await comment(scene, 'alice', '/advance-rollout');
  await showReply(scene);
  await pass('25%', 1, 70, ['503']);
  await expectHeadline(scene, 'Stepped back');
  await showReply(scene, 2);
  narrator.aside('Three hours pass with all traffic on the official API. Then the share returns by itself.');
  clock.pass(3 * HOUR + MINUTE);
  await scene.host.tick();
  await deliver(scene);
  await showReply(scene);
  await pass('25%', 3, 180);
  await expectHeadline(scene, '**50%**');
  await showReply(scene);

  await narrator.chapter("Stage 50%: one of the gateway's accounts fails, within every limit");
  await pass('50%', 4, 150, ONE_ACCOUNT_FAILS);
  await showReply(scene);
  await showIssue(scene);
  await keepIssue(scene);
  await comment(scene, 'mara', '/advance-rollout');
  await showReply(scene, 1);
  await expectHeadline(scene, '**100%**');

  await narrator.chapter('Stage 100%, and the watch after it');
  narrator.say(
    'One user in ten stays on the official API until the end (`holdback: 10%`), so that this stage can still compare.',
  );
  await pass('100%', 2, 90);
  if (end === 'last-stage') return walks;
  await pass('100%', 2, 90);
  await expectHeadline(scene, 'Watching');
  await showReply(scene);
  await pass('100%', 4, 20);
  await expectHeadline(scene, 'Completed');
  await showReply(scene, 8);
  return walks;
}

interface Hours {
  readonly stage: string;
  readonly windows: number;
  /** In each window. */
  readonly users: number;
  readonly faults: readonly string[];
}

/** Hours of users; each window is measured, and the App decides. */
async function passWindows(
  scene: Scene,
  config: Config,
  { stage, windows, users, faults }: Hours,
): Promise<Measurement[]> {
  const { clock, narrator, production, host, application: directory, records } = scene;
  const measured: Measurement[] = [];
  const total = { official: 0, gateway: 0, copies: 0, failed: 0 };
  for (let index = 0; index < windows; index += 1) {
    const from = clock.nextMinute();
    const window = { from, to: from + WINDOW };
    const served = await production.serve(
      window,
      users,
      (answered) => narrator.progress(`${index * users + answered} of ${windows * users} users answered`),
      faults,
    );
    for (const key of ['official', 'gateway', 'copies', 'failed'] as const) total[key] += served[key];
    clock.passTo(window.to + COMPLETE_AFTER);
    measured.push(await observeProduction(host, { config, stage, window, directory, records }));
    await deliver(scene);
  }
  const { official, gateway, copies, failed } = total;
  const where =
    copies > 0 ? `and the gateway gets ${copies} copies` : `${official} official, ${gateway} on the gateway`;
  const end = failed === 0 ? 'All get an answer.' : `${failed} get no answer.`;
  narrator.aside(`${windows * 6} hours: ${windows * users} users ask, ${where}. ${end}`);
  return measured;
}
