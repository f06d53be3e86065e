/** What the check run on a pull request says. */
import type { Config } from '../../config/schema.ts';
import { type Finding, isHarmful } from '../../rollout/proposal.ts';
import { count, listed, percent } from '../../wording/amounts.ts';
import { markdownCode, markdownSentence, markdownText, plainLine } from '../../wording/foreign-text.ts';
import { bulletList } from '../../wording/markdown.ts';
import { sharesText, stageName, targetName } from './names.ts';

/** What one rollout, or a config that has none yet, has to do with the pull request. */
export interface ProposalPart {
  /** The file that is spoken of, or the rollout. */
  readonly about: string;
  /** In force; its targets are named. Null where there is none yet. */
  readonly config: Config | null;
  readonly findings: readonly Finding[];
}

/** One line, without Markdown. */
export function proposalTitle(parts: readonly ProposalPart[]): string {
  const findings = parts.flatMap((part) => part.findings);
  const [first, ...others] = findings.filter(isHarmful);
  if (first === undefined) return findings.length === 0 ? NOTHING_TITLE : harmlessTitle(findings);
  const more = others.length === 0 ? '' : ` (and ${count(others.length, 'more problem')})`;
  return plainLine(`${harmfulTitle(first)}${more}`, 200);
}

/** Markdown. */
export function proposalSummary(parts: readonly ProposalPart[]): string {
  if (parts.every(({ findings }) => findings.length === 0)) return NOTHING;
  return parts
    .filter(({ findings }) => findings.length > 0)
    .map(({ about, config, findings }) => {
      const lines = findings.map((finding) => `${isHarmful(finding) ? '❌ ' : ''}${textOf(finding, config)}`);
      return `**${markdownText(about)}**\n\n${bulletList(lines)}`;
    })
    .join('\n\n');
}

const NOTHING_TITLE = 'No config and no traffic target is touched';
const NOTHING =
  'This change touches neither the config of a rollout nor a file that holds the share of traffic.';

function harmfulTitle(finding: Finding): string {
  switch (finding.code) {
    case 'moves_gateway':
      return 'Would point traffic at another gateway, past the stages';
    case 'raises_target':
      return `Would raise the share above stage ${finding.stage}`;
    case 'target_broken':
      return 'Would leave a traffic target that cannot be written';
    case 'config_invalid':
      return `The config is not valid: ${count(finding.problems.length, 'problem')}`;
    default:
      return 'The config of a running rollout would be gone';
  }
}

function harmlessTitle(findings: readonly Finding[]): string {
  const codes = findings.map(({ code }) => code);
  if (codes.includes('stage_lost')) return 'The rollout would pause: its stage is gone';
  if (codes.includes('lowers_target')) return 'Takes traffic off the gateway; the rollout would hold';
  const restarts = findings.some(
    (each) => each.code === 'config_changes' && (each.restarted || each.written),
  );
  if (restarts) return 'The stage would gather its evidence anew';
  if (codes.includes('advances')) return 'The gate would be met: the rollout would go on';
  if (codes.includes('begins')) return 'Would begin a rollout';
  return codes.includes('config_changes')
    ? 'Applies without loss of evidence'
    : 'Changes nothing in the rollout';
}

/** One sentence or two. */
function textOf(finding: Finding, config: Config | null): string {
  switch (finding.code) {
    case 'moves_gateway':
      return `\`gateway.base_url\` would change while the gateway has ${sharesText(finding.shares)}: that traffic would go to an endpoint that no stage has tried. Take it back first with \`/rollback-rollout\`, merge, then \`/retry-rollout\`.`;
    case 'raises_target':
      return `${capital(targetName(config, finding.target))}: ${markdownCode(finding.place)} would put ${percent(finding.share)} on the gateway, and stage ${stageName(finding.stage)} allows ${percent(finding.allowed)}. The share goes up by \`/advance-rollout\` alone; leave the value as it is.`;
    case 'target_broken':
      return `${capital(targetName(config, finding.target))} could not be written any more, and so no traffic taken back. ${markdownSentence(finding.problem)} Keep the place as it is while the rollout runs.`;
    case 'config_invalid':
      return `${markdownCode(finding.path)} is not valid; merged like this, nothing would advance until it is mended.\n${finding.problems.map((problem) => `  - ${markdownText(problem)}`).join('\n')}`;
    case 'config_missing':
      return `${markdownCode(finding.path)} would be gone while its rollout runs; expected it until the rollout is completed, or ended with \`/abort-rollout\`.`;
    case 'begins':
      return `Merged, it begins the rollout ${markdownCode(finding.name)} at stage ${stageName(finding.stage)}: the App opens an issue, and proves that it can write every traffic target.`;
    case 'over':
      return `The rollout ${markdownCode(finding.name)} is over; the change takes effect when somebody writes \`/start-rollout\`.`;
    case 'unknown':
      return `Nothing can be said of the rollout ${markdownCode(finding.name)}: its state is not believed, and it stands still. See its issue.`;
    case 'no_change':
      return `It changes nothing for the rollout, which stands at ${stageName(finding.stage)}.`;
    case 'config_changes':
      return configChanges(finding);
    case 'stage_lost':
      return `The config would have no stage ${stageName(finding.stage)}, at which the rollout stands: the rollout would pause, and the traffic stay as it is. Leave the present stage in, or roll back first.`;
    case 'advances':
      return `What it asks for is there already: with the next look, within minutes, the rollout would go from ${stageName(finding.from)} to ${stageName(finding.to)}, with ${sharesText(finding.shares)} on the gateway. To wait, write \`/pause-rollout\` before it is merged.`;
    case 'lowers_target':
      return `${capital(targetName(config, finding.target))}: ${markdownCode(finding.place)} would put ${percent(finding.share)} on the gateway instead of ${percent(finding.allowed)}. The rollout would hold, because the target would not hold what the stage says; \`/rollback-rollout\` does the same and keeps account of it.`;
    case 'target_kept':
      return `The share in ${targetName(config, finding.target)} stays as it is.`;
  }
}

function configChanges({
  stage,
  changes,
  restarted,
  written,
}: Extract<Finding, { code: 'config_changes' }>): string {
  const what =
    changes.length === 0 ? 'No setting' : listed(changes.slice(0, 20).map((each) => markdownCode(each)));
  const verb = changes.length > 1 ? 'change' : 'changes';
  const evidence = restarted
    ? `the evidence of stage ${stageName(stage)} begins anew, and approvals must be given again`
    : `the evidence of stage ${stageName(stage)} goes on`;
  const traffic = written
    ? 'The present share is written to the new traffic targets.'
    : 'It moves no traffic.';
  return `${what} ${verb}: ${evidence}. ${traffic}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
