/** The files that start a rollout in a repository; pure. */
import { fillYaml } from '../../config/fill-yaml.ts';
import type { SettingPath } from '../../config/problem.ts';
import { originOf } from '../../gateway/url.ts';
import { CHECK, CONFIG, OBSERVE, ROLLOUT, TRAFFIC } from './templates.ts';

/** The file of the share, and all targets that `init` can set up. */
export const SHARE_FILE = 'deploy/share.json';
const SET_IN_FILE = { path: SHARE_FILE, set: { '/gateway': 'share' } };
const TARGETS = {
  file: { file: SET_IN_FILE },
  variable: { variable: { name: 'GATEWAY_SHARE' } },
  workflow: { workflow: { file: 'gateway-traffic.yml' } },
  dispatch: { dispatch: { event_type: 'gateway-rollout' } },
} as const;

export type InitTarget = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as readonly InitTarget[];

export interface InitChoices {
  readonly gateway: string;
  readonly models: readonly string[];
  readonly target: InitTarget;
  /** Whether the rollout acts as a GitHub App; null: not decided, where a file needs one unless something pulls it. */
  readonly app: boolean | null;
  /** The section of the config; null where nothing is measured. */
  readonly measure: Readonly<Record<string, unknown>> | null;
  readonly stages: readonly string[];
  readonly branch: string;
  /** What workflows name to run this version, such as `v1.2.3`. */
  readonly ref: string;
}

export const CONFIG_FILE = '.github/gateway-rollout.yml';

/** Each file's text by its path, the config first. */
export function planFiles(choices: InitChoices): Readonly<Record<string, string>> {
  const { gateway, models, target, app, measure, stages, branch, ref } = choices;
  const filled = (template: string, ...values: readonly (readonly [SettingPath, unknown])[]) =>
    fillYaml(template.replaceAll('@v0', `@${ref}`).replaceAll('/v0/', `/${ref.split(' ')[0]}/`), values);
  const isPulled = target === 'file' && app === false;
  const step = ['jobs', 'check', 'steps', 1, 'with', 'trusted-origins'];
  const workflows = [
    'Gateway check',
    ...(measure === null ? [] : ['Gateway observe']),
    ...(target === 'workflow' ? ['Gateway traffic'] : []),
  ];
  const files: Readonly<Record<string, string | null>> = {
    [CONFIG_FILE]: filled(
      CONFIG,
      [['gateway', 'base_url'], gateway],
      [['models'], models],
      [['rollout', 'stages'], stages],
      [['measure'], measure === null ? undefined : { ...measure, workflow: 'gateway-observe.yml' }],
      [['traffic'], [isPulled ? { file: { ...SET_IN_FILE, deployed_by: 'pull' } } : TARGETS[target]]],
    ),
    [SHARE_FILE]: target === 'file' ? '{ "gateway": 0 }\n' : null,
    [workflowPath('check')]: filled(CHECK, [['on', 'push', 'branches'], [branch]], [step, originOf(gateway)]),
    [workflowPath('observe')]: measure === null ? null : filled(OBSERVE),
    [workflowPath('rollout')]: filled(
      ROLLOUT,
      [['on', 'push', 'branches'], [branch]],
      [['on', 'workflow_run', 'workflows'], workflows],
      ...(app === true || target === 'variable' ? AS_APP : []),
    ),
    [workflowPath('traffic')]: trafficWorkflow(target),
  };
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, text]])),
  );
}

const workflowPath = (name: string): string => `.github/workflows/gateway-${name}.yml`;

const WITH_OF_ROLLOUT = ['jobs', 'rollout', 'steps', 0, 'with'];
/** The App's own token has its permissions. */
const AS_APP = [
  [['permissions'], {}],
  [[...WITH_OF_ROLLOUT, 'app-id'], `\${{ vars.ROLLOUT_APP_ID }}`],
  [[...WITH_OF_ROLLOUT, 'app-private-key'], `\${{ secrets.ROLLOUT_APP_KEY }}`],
] as const;

function trafficWorkflow(target: InitTarget): string | null {
  if (target === 'workflow') return TRAFFIC;
  if (target !== 'dispatch') return null;
  const share = `\${{ github.event.client_payload.shares.everything }}`;
  return fillYaml(TRAFFIC, [
    [['on'], { repository_dispatch: { types: ['gateway-rollout'] } }],
    [['run-name'], `${share} % on the gateway`],
    [['jobs', 'move', 'env', 'SHARE'], share],
  ]);
}
