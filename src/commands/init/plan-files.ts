/** The files that start a rollout in a repository; pure. */
import { fillYaml } from '../../config/fill-yaml.ts';
import type { SettingPath } from '../../config/problem.ts';
import { originOf } from '../../gateway/url.ts';
import { CHECK, CONFIG, OBSERVE, ROLLOUT, TRAFFIC } from './templates.ts';

export const CONFIG_FILE = '.github/gateway-rollout.yml';

export const TARGETS = ['file', 'variable', 'workflow', 'dispatch'] as const;

export interface InitChoices {
  readonly gateway: string;
  readonly models: readonly string[];
  readonly target: (typeof TARGETS)[number];
  /** Path of the file with the share, for the target `file`. */
  readonly share: string;
  /** Whether the rollout acts as a GitHub App; null: not decided, where a file needs one unless something pulls it. */
  readonly app: boolean | null;
  /** The section of the config. */
  readonly measure: { readonly source: keyof typeof OBSERVE };
  readonly stages: readonly string[];
  readonly branch: string;
  /** What workflows name to run this version, such as `v1.2.3`, and a comment. */
  readonly ref: string;
}

/** Each file's text by its path. */
export function planFiles(choices: InitChoices): Readonly<Record<string, string>> {
  const { gateway, models, target, share, app, measure, stages, branch, ref } = choices;
  const filled = (template: string, ...values: readonly (readonly [SettingPath, unknown])[]) =>
    fillYaml(template.replaceAll('@v0', `@${ref}`).replaceAll('/v0/', `/${ref.split(' ')[0]}/`), values);
  const copies = stages.some((stage) => stage.startsWith('shadow'));
  const workflows = [
    'Gateway check',
    'Gateway observe',
    ...(target === 'workflow' ? ['Gateway traffic'] : []),
  ];
  const push = ['on', 'push', 'branches'];
  return {
    [CONFIG_FILE]: filled(
      CONFIG,
      [['gateway', 'base_url'], gateway],
      [['models'], models],
      [['rollout', 'stages'], stages],
      [['measure'], { ...measure, workflow: 'gateway-observe.yml' }],
      [['traffic'], targetsOf(choices, copies)],
    ),
    ...(target === 'file' && { [share]: `{ "gateway": 0${copies ? ', "shadow": 0' : ''} }\n` }),
    [workflowPath('check')]: filled(
      CHECK,
      [push, [branch]],
      [['jobs', 'check', 'steps', 1, 'with', 'trusted-origins'], originOf(gateway)],
    ),
    [workflowPath('observe')]: filled(OBSERVE[measure.source]),
    [workflowPath('rollout')]: filled(
      ROLLOUT,
      [push, [branch]],
      [['on', 'workflow_run', 'workflows'], workflows],
      ...(app === true ? AS_APP : []),
    ),
    ...(target === 'workflow' && { [workflowPath('traffic')]: TRAFFIC }),
    ...(target === 'dispatch' && { [workflowPath('traffic')]: fillYaml(TRAFFIC, ON_DISPATCH) }),
  };
}

const workflowPath = (name: string): string => `.github/workflows/gateway-${name}.yml`;

function targetsOf({ target, share, app }: InitChoices, copies: boolean): readonly object[] {
  const file = {
    path: share,
    ...(app === false && { deployed_by: 'pull' }),
    set: { '/gateway': 'share', ...(copies && { '/shadow': 'shadow' }) },
  };
  const copied = { variable: { name: 'GATEWAY_COPIES', value: 'shadow' } };
  const targets = {
    file: [{ file }],
    variable: [{ variable: { name: 'GATEWAY_SHARE' } }, ...(copies ? [copied] : [])],
    workflow: [{ workflow: { file: 'gateway-traffic.yml' } }],
    dispatch: [{ dispatch: { event_type: 'gateway-rollout' } }],
  };
  return targets[target];
}

const WITH = ['jobs', 'rollout', 'steps', 0, 'with'];
/** The App's own token has its permissions. */
const AS_APP = [
  [['permissions'], {}],
  [[...WITH, 'app-id'], `\${{ vars.ROLLOUT_APP_ID }}`],
  [[...WITH, 'app-private-key'], `\${{ secrets.ROLLOUT_APP_KEY }}`],
] as const;

const SHARE = `\${{ github.event.client_payload.shares.everything }}`;
const ON_DISPATCH = [
  [['on'], { repository_dispatch: { types: ['gateway-rollout'] } }],
  [['run-name'], `${SHARE} % on the gateway`],
  [['jobs', 'move', 'env', 'SHARE'], SHARE],
] as const;
