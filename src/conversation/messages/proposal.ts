/** The check run on a pull request: what merging would do to a rollout. */
import type { Config } from '../../config/schema.ts';
import { SHADOW } from '../../config/stages.ts';
import { isHarmful, type ProposalFinding, type TargetChange } from '../../rollout/proposal.ts';
import { count, listed, percent } from '../../wording/amounts.ts';
import { markdownCode, markdownSentence, markdownText, plainLine } from '../../wording/foreign-text.ts';
import { bulletList } from '../../wording/markdown.ts';
import { sharesText, stageName, targetName } from './names.ts';

/** What the pull request does to one rollout, or to a config that has none yet. */
export interface ProposalPart {
  /** The file, or the rollout. */
  readonly about: string;
  /** The config in force, for the names of its targets. Null where there is none yet. */
  readonly config: Config | null;
  readonly findings: readonly ProposalFinding[];
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

const NOTHING_TITLE = 'Touches no config and no traffic target';
const NOTHING =
  'This change touches neither the config of a rollout nor a file that holds the share of traffic.';

function harmfulTitle(finding: ProposalFinding): string {
  switch (finding.code) {
    case 'moves_gateway':
      return 'Would point traffic at another gateway, bypassing the stages';
    case 'raises_target':
      return `Would ${finding.slice === SHADOW ? 'copy more requests than' : 'raise the share above'} stage ${finding.stage}`;
    case 'target_broken':
      return 'Would make a traffic target unwritable';
    case 'config_invalid':
      return `The config is not valid: ${count(finding.problems.length, 'problem')}`;
    default:
      return 'Would remove the config of a running rollout';
  }
}

function harmlessTitle(findings: readonly ProposalFinding[]): string {
  const codes = findings.map(({ code }) => code);
  if (codes.includes('stage_lost')) return 'Would pause the rollout: its stage is gone';
  const lowered = findings.find((each) => each.code === 'lowers_target');
  if (lowered !== undefined)
    return `Would ${lowered.slice === SHADOW ? 'copy fewer requests' : 'take traffic off the gateway'} and hold the rollout`;
  const restarts = findings.some(
    (each) => each.code === 'config_changes' && (each.restarted || each.written),
  );
  if (restarts) return 'Would restart the evidence of the stage';
  if (codes.includes('advances')) return 'Would meet the gate and advance the rollout';
  if (codes.includes('begins')) return 'Would start a rollout';
  return codes.includes('config_changes')
    ? 'Changes the config and keeps the evidence'
    : 'Changes nothing in the rollout';
}

function textOf(finding: ProposalFinding, config: Config | null): string {
  switch (finding.code) {
    case 'moves_gateway':
      return `\`gateway.base_url\` would change while requests go to the gateway (${sharesText(finding.shares)}): they would go to an endpoint that no stage has tested. Roll back first with \`/rollback-rollout\`, merge, then \`/retry-rollout\`.`;
    case 'raises_target':
      return `${capital(targetName(config, finding.target))}: ${numberIn(finding)}, but stage ${stageName(finding.stage)} allows ${percent(finding.allowed)}. Only \`/advance-rollout\` raises it; leave the value as it is.`;
    case 'target_broken':
      return `${capital(targetName(config, finding.target))} could not be written any more, so traffic could not be taken back. ${markdownSentence(finding.problem)} Leave it as it is while the rollout is running.`;
    case 'config_invalid':
      return `${markdownCode(finding.path)} is not valid. If merged, nothing advances until it is fixed.\n${finding.problems.map((problem) => `  - ${markdownText(problem)}`).join('\n')}`;
    case 'config_missing':
      return `${markdownCode(finding.path)} would be deleted while its rollout is running. Keep it until the rollout is completed, or end the rollout with \`/abort-rollout\`.`;
    case 'begins':
      return `Merging starts the rollout ${markdownCode(finding.name)} at stage ${stageName(finding.stage)}: the App opens an issue and tests that it can write every traffic target.`;
    case 'new_address':
      return newAddress(finding);
    case 'over':
      return `The rollout ${markdownCode(finding.name)} is over. The change takes effect when somebody comments \`/start-rollout\`.`;
    case 'unknown':
      return `The effect on the rollout ${markdownCode(finding.name)} is unknown: its state cannot be trusted, so the rollout is stopped. See its issue.`;
    case 'no_change':
      return `Changes nothing in the rollout, which is at ${stageName(finding.stage)}.`;
    case 'config_changes':
      return configChanges(finding);
    case 'stage_lost':
      return `The config would no longer have the current stage, ${stageName(finding.stage)}: the rollout would pause, and the traffic would stay as it is. Keep the stage, or roll back first.`;
    case 'advances':
      return `The gate would already be met: within minutes the rollout would advance from ${stageName(finding.from)} to ${stageName(finding.to)} (gateway traffic then: ${sharesText(finding.shares)}). To wait, comment \`/pause-rollout\` before merging.`;
    case 'lowers_target':
      return `${capital(targetName(config, finding.target))}: ${numberIn(finding)} instead of ${percent(finding.allowed)}, and the rollout would hold because of the mismatch. \`/rollback-rollout\` also takes it back, and records that.`;
    case 'target_kept':
      return `The share in ${targetName(config, finding.target)} stays as it is.`;
  }
}

/** What the number in a field of a target would do: put a share on the gateway, or copy requests to it. */
function numberIn({ field, slice, share }: TargetChange): string {
  const does = slice === SHADOW ? `copy ${percent(share)} of the requests to` : `put ${percent(share)} on`;
  return `${markdownCode(field)} would ${does} the gateway`;
}

function newAddress({ addresses }: Extract<ProposalFinding, { code: 'new_address' }>): string {
  const what = addresses.map(
    ({ arm, origin }) =>
      `${markdownCode(origin)} for ${arm === 'official' ? 'the official key' : "the gateway's key"}`,
  );
  const line = `trusted-origins: ${addresses.map(({ origin }) => origin).join(' ')}`;
  return `New address: ${listed(what)}. Until this is merged, jobs send no key there, unless their workflow names it: somebody who may edit workflows must add ${markdownCode(line, 400)} to the step.`;
}

function configChanges({
  stage,
  changes,
  restarted,
  written,
}: Extract<ProposalFinding, { code: 'config_changes' }>): string {
  const what =
    changes.length === 0 ? 'No setting' : listed(changes.slice(0, 20).map((each) => markdownCode(each)));
  const verb = changes.length > 1 ? 'change' : 'changes';
  const evidence = restarted
    ? `evidence for stage ${stageName(stage)} starts from zero, and earlier approvals no longer count`
    : `evidence for stage ${stageName(stage)} still counts`;
  const traffic = written ? 'The current share is written to the new traffic targets.' : 'No traffic moves.';
  return `${what} ${verb}: ${evidence}. ${traffic}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
