/** The stages as a list of boxes: ticked means done. Ticking the current one asks to advance. */
import type { RolloutStage } from '../../config/schema.ts';
import { isShadow } from '../../config/stages.ts';
import { hasWatch } from '../../judge/stage-setting.ts';
import { isHeldBack } from '../../rollout/shares.ts';
import type { RolloutStatus } from '../../rollout/state.ts';
import { moment, percent, span, whole } from '../../wording/amounts.ts';
import { markdownText } from '../../wording/foreign-text.ts';
import { joined } from '../../wording/markdown.ts';
import { STEP_MARKS } from '../../wording/stepper.ts';
import { stageName } from '../messages/names.ts';
import type { RolloutView } from '../view.ts';
import { markerText, markerValue } from './marker-text.ts';

export interface Box {
  /** The stage's label. */
  readonly label: string;
  readonly ticked: boolean;
}

/** Markdown, a line for each stage. */
export function checklist(view: RolloutView): string {
  return view.config.rollout.stages.map((stage, index) => boxLine(view, stage, index)).join('\n');
}

/** Only the stages around the current one, where there is no room for all. */
export function shortChecklist(view: RolloutView): string {
  const { index } = view.state.stage;
  const { stages } = view.config.rollout;
  const [from, to] = [Math.max(0, index - 2), Math.min(stages.length, index + 4)];
  return [
    ...(from > 0 ? [`… ${whole(from)} before`, ''] : []),
    ...stages.slice(from, to).map((stage, offset) => boxLine(view, stage, from + offset)),
    ...(to < stages.length ? ['', `… ${whole(stages.length - to)} more`] : []),
  ].join('\n');
}

/** A longer road is shown from before the current stage on. */
const MOST_STEPS = 8;

/** The stages in one line: `✔ local ─ ✔ staging ─ ● 5% ─ ○ 25%`. */
export function stepper(view: RolloutView): string {
  const { config, state } = view;
  const { index, watching } = state.stage;
  const here = state.status.kind === 'progressing' ? STEP_MARKS.now : AWAY_MARKS[state.status.kind];
  const steps = config.rollout.stages.map((stage, at) => {
    const isPassed = isDone(view, stage, at) || (watching && at === index);
    const mark = isPassed ? STEP_MARKS.done : at === index ? here : STEP_MARKS.next;
    return `${mark} ${markdownText(stage.label, 60)}`;
  });
  const isOver = state.status.kind === 'completed';
  if (hasWatch(config) || watching)
    steps.push(`${isOver ? STEP_MARKS.done : watching ? here : STEP_MARKS.next} watch`);
  const from = Math.max(0, Math.min(index - 2, steps.length - MOST_STEPS));
  const shown = steps.slice(from, from + MOST_STEPS);
  return [...(from > 0 ? ['…'] : []), ...shown, ...(from + MOST_STEPS < steps.length ? ['…'] : [])].join(
    ' ─ ',
  );
}

const AWAY_MARKS = {
  paused: '⏸️',
  'stepped-back': '↩️',
  'rolled-back': '⏪',
  completed: STEP_MARKS.done,
  aborted: '⏹️',
} as const satisfies Record<Exclude<RolloutStatus['kind'], 'progressing'>, string>;

const BOX = /^\s*[-*+] \[([ xX])\] <!-- gateway-rollout stage=(\S+) -->/gm;

/** The boxes of a body, found by their markers and never by what people read. */
export function readBoxes(body: string): Box[] {
  return [...body.matchAll(BOX)].flatMap(([, tick = ' ', encoded = '']) => {
    const label = markerValue(encoded);
    return label === null ? [] : [{ label, ticked: tick !== ' ' }];
  });
}

function boxLine(view: RolloutView, stage: RolloutStage, index: number): string {
  const tick = isDone(view, stage, index) ? 'x' : ' ';
  return `- [${tick}] <!-- gateway-rollout stage=${markerText(stage.label)} --> ${stageName(stage.label)}${noteOn(view, stage, index)}`;
}

/** After a rollback the production stages have to be passed again. */
function isDone({ state: { status, stage } }: RolloutView, { kind }: RolloutStage, index: number): boolean {
  if (status.kind === 'completed') return true;
  const isRolledBack = kind === 'share' && (status.kind === 'rolled-back' || status.kind === 'aborted');
  return index < stage.index && !isRolledBack;
}

function noteOn(view: RolloutView, stage: RolloutStage, index: number): string {
  const { state } = view;
  if (isDone(view, stage, index)) {
    const left = state.left.findLast(({ label }) => label === stage.label);
    if (left === undefined) return '';
    return ` – done ${moment(left.leftAt)}${left.forced ? ', forced' : ''}`;
  }
  if (index === state.stage.index) {
    return ` ← ${state.stage.watching && state.status.kind === 'progressing' ? '**watching**' : HERE[state.status.kind]}`;
  }
  return ` – ${goalOf(stage, view.config.rollout.holdback)}`;
}

const HERE = {
  progressing: '**now**',
  paused: '**now**',
  'stepped-back': 'stepped back here',
  'rolled-back': 'rolled back here',
  completed: 'completed here',
  aborted: 'aborted here',
} as const satisfies Record<RolloutStatus['kind'], string>;

/** What the stage moves, and the minimum that its gate asks for. */
function goalOf({ gate, ...stage }: RolloutStage, holdback: number): string {
  const { min_duration: time, min_tasks: least, approvals } = gate;
  const counted = isShadow(stage) ? 'copies' : 'tasks';
  const parts = [
    ...(isShadow(stage) ? ['users stay on the official API'] : []),
    ...(stage.kind === 'share' && !isShadow(stage) ? movesOf(stage, holdback) : []),
    time > 0 ? span(time) : '',
    // `auto` is decided when the stage begins.
    least === 'auto' ? `100 to 500 ${counted}` : least > 0 ? `${whole(least)} ${counted}` : '',
    approvals > 0 ? `${approvals} approvals` : '',
    gate.manual ? 'manual approval' : '',
  ];
  return joined(parts, ', ') || 'gate as configured';
}

/** The name of a stage that moves a slice says which and how much. */
function movesOf({ share, slice }: { share: number; slice: string | null }, holdback: number): string[] {
  const held = isHeldBack({ share }, holdback);
  return [
    slice === null ? `${percent(held ? 100 - holdback : share)} of all traffic` : '',
    held ? `${percent(holdback)} stays on the official API until completion` : '',
  ];
}
