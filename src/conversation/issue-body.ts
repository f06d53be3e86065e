/**
 * The body of the rollout's issue: a view of the state, between two markers. What people write around the markers
 * stays; what is between them is rewritten. Only the markers and the boxes are read from it.
 */

import { isOver } from '../rollout/state.ts';
import { differenceChart } from '../wording/difference-chart.ts';
import { bulletList } from '../wording/markdown.ts';
import { type Box, checklist, readBoxes, shortChecklist, stepper } from './issue/checklist.ts';
import { fitted, LONGEST_TEXT, type Section } from './issue/fit.ts';
import { gateSection } from './issue/gate.ts';
import { markerText, markerValue } from './issue/marker-text.ts';
import { outlookSection } from './issue/outlook.ts';
import { problemsSection } from './issue/problems.ts';
import { safetySection } from './issue/safety.ts';
import { headline, statusLine } from './issue/status-line.ts';
import { costSection } from './messages/figures.ts';
import { commandTable } from './messages/help.ts';
import { historyLine } from './messages/history.ts';
import { stageName } from './messages/names.ts';
import type { RolloutView } from './view.ts';

export const ISSUE_LABEL = 'gateway-rollout';

const TITLE = 'Gateway rollout: ';

export function issueTitle(rollout: string): string {
  return TITLE + rollout;
}

/** The rollout in the title; null where somebody changed it. */
export function rolloutInTitle(title: string): string | null {
  return title.startsWith(TITLE) ? title.slice(TITLE.length) : null;
}

export interface IssueView extends RolloutView {
  /** Which state the body shows, in the App's own words: it comes back from `parseIssue` as it is. */
  readonly seal: string;
}

export interface ParsedIssue {
  /** Of the rollout. */
  readonly name: string;
  readonly seal: string;
  readonly boxes: readonly Box[];
}

/** Characters that people's own text may take; longer text is cut, and says so. */
const MOST_OF_PEOPLE = 45_000;

const BEGIN = /<!-- gateway-rollout name=(\S+) seal=(\S*) -->/;
const END = '<!-- /gateway-rollout -->';

/**
 * The body as it should be, at most 60,000 characters. Rendering a rendered body again changes nothing.
 * @param existing the current body; null for a new issue
 */
export function renderIssue(existing: string | null, view: IssueView): string {
  const { before, after } = shortened(partsOf(existing ?? ''));
  const begin = `<!-- gateway-rollout name=${markerText(view.state.name)} seal=${markerText(view.seal)} -->`;
  const room = LONGEST_TEXT - before.length - after.length - begin.length - END.length - 4;
  return `${before}${begin}\n\n${fitted(sectionsOf(view), room)}\n\n${END}${after}`;
}

/** @returns null where the text has no markers of ours */
export function parseIssue(body: string): ParsedIssue | null {
  const [, name = '', seal = ''] = BEGIN.exec(body) ?? [];
  const values = { name: markerValue(name), seal: markerValue(seal) };
  if (values.name === null || values.seal === null || values.name === '') return null;
  return { name: values.name, seal: values.seal, boxes: readBoxes(partsOf(body).block) };
}

/** The seal in the body: which state it shows; null where it has no markers of ours. */
export function sealOn(body: string): string | null {
  return parseIssue(body)?.seal ?? null;
}

/**
 * The box that an edit ticked.
 * @returns null where none was; the label is null where several were, since only one step is taken at a time
 */
export function tickedBox(before: string, after: string): { readonly label: string | null } | null {
  const earlier = parseIssue(before)?.boxes ?? [];
  const ticked = (parseIssue(after)?.boxes ?? []).filter((box) => {
    const known = earlier.find(({ label }) => label === box.label);
    return box.ticked && known?.ticked !== true;
  });
  const [first, ...more] = ticked;
  if (first === undefined) return null;
  return { label: more.length === 0 ? first.label : null };
}

interface Parts {
  readonly before: string;
  readonly block: string;
  readonly after: string;
}

/** Without an end marker the block reaches to the end of the body; without a block all text is people's own. */
function partsOf(body: string): Parts {
  const begin = BEGIN.exec(body);
  if (begin === null) return { before: '', block: '', after: body === '' ? '' : `\n\n${body}` };
  const end = body.indexOf(END, begin.index);
  const to = end < 0 ? body.length : end + END.length;
  return { before: body.slice(0, begin.index), block: body.slice(begin.index, to), after: body.slice(to) };
}

const CUT = "\n\n… cut: GitHub's size limit for issues.\n\n";

function shortened({ before, after }: Parts): Pick<Parts, 'before' | 'after'> {
  const room = MOST_OF_PEOPLE - after.length;
  if (before.length <= room) return { before, after };
  const most = MOST_OF_PEOPLE / 2 - CUT.length;
  const cut = (text: string) => (text.length > most ? `${text.slice(0, most)}${CUT}` : text);
  return { before: cut(before), after: cut(after) };
}

function sectionsOf(view: IssueView): Section[] {
  const { config, state } = view;
  const gate = gateSection(view);
  const table = commandTable(config);
  return [
    section(10, statusLine(view), `### ${headline(view)}`),
    section(9, stepper(view), ''),
    section(9, `#### Stages\n\n${checklist(view)}\n\n${boxNote(state)}`, shortChecklist(view), ''),
    section(8, problemsSection(view, 30), problemsSection(view, 5), ''),
    section(7, gate === '' ? '' : `#### Gate of stage ${stageName(state.stage.label)}\n\n${gate}`, ''),
    section(2, successChart(state.stage), ''),
    section(5, outlookSection(view), ''),
    section(3, costSection(view, 20), costSection(view, 5), ''),
    section(6, events(view, 10), events(view, 3), ''),
    section(4, folded('Commands', table), 'Comment `/rollout-help` to see the commands.'),
    section(1, isOver(state) ? '' : folded('When something goes wrong', safetySection(config)), ''),
  ];
}

/** Of the current stage, or of the last one: a stage starts without points. Both arms are counted since the first one. */
function successChart({ label, points, verdicts }: IssueView['state']['stage']): string {
  const seen = { official: { tasks: 0, failed: 0 }, gateway: { tasks: 0, failed: 0 } };
  const summed = points.map(({ at, counts, ...rates }) => {
    if (counts === undefined) return { at, ...rates };
    const [official, gateway] = (['official', 'gateway'] as const).map((arm) => {
      const sum = seen[arm];
      sum.tasks += counts[arm].tasks;
      sum.failed += counts[arm].failed;
      return sum.tasks === 0 ? null : 100 * (1 - sum.failed / sum.tasks);
    });
    return { at, official: official ?? null, gateway: gateway ?? null };
  });
  const title = `Success rate in stage ${label}, compared with official`;
  return differenceChart(title, summed, verdicts?.success_rate);
}

/** What a tick means; only while the rollout is progressing does a tick ask for something. */
function boxNote({ status }: IssueView['state']): string {
  const asks = ' Tick the current stage to advance (same as `/advance-rollout`).';
  return `A ticked box is a completed stage.${status.kind === 'progressing' ? asks : ''}`;
}

function section(importance: number, ...variants: Section['variants']): Section {
  return { importance, variants };
}

function events({ state }: IssueView, most: number): string {
  const lines = state.history.slice(-most).reverse().map(historyLine);
  return lines.length === 0 ? '' : `#### Last events\n\n${bulletList(lines)}`;
}

function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}
