import { createHash } from 'node:crypto';
import type { Hazard } from '../inventory/hazards.ts';
import type { Site } from '../inventory/site.ts';
import { type Remark, remarksOn } from './hard-coded.ts';

/** GitHub shows at most this many results, and rejects a run with more than 25,000. */
const MAX_RESULTS = 5_000;

export interface SarifInput {
  /** The hard-coded ones. */
  readonly sites: readonly Site[];
  readonly hazards: readonly Hazard[];
  /** Of this program. */
  readonly version: string;
}

/**
 * A SARIF 2.1.0 log (OASIS) for GitHub's code scanning, with one result of level `note` per site or hazard. If there are
 * too many, keys come before base URLs, models and hazards. Fingerprints contain the rule, the file, the value and a
 * counter for equal ones, but no line number, so an alert stays the same when lines move.
 */
export function inventorySarif({ sites, hazards, version }: SarifInput): string {
  const alerts = remarksOn(sites, hazards, () => null).slice(0, MAX_RESULTS);
  const rules = [...new Map(alerts.map((alert) => [alert.rule, alert])).values()];
  const indexOfRule = new Map(rules.map(({ rule }, index) => [rule, index]));
  const seen = new Map<string, number>();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'gateway-rollout', version, rules: rules.map(ruleDescriptor) } },
        columnKind: 'utf16CodeUnits',
        results: alerts.map((alert) => {
          const nth = (seen.get(alert.identity) ?? 0) + 1;
          seen.set(alert.identity, nth);
          return result(alert, indexOfRule.get(alert.rule) ?? 0, nth);
        }),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleDescriptor({ rule, title, kind }: Remark): object {
  const text = `${title}: review or change this before traffic moves to a gateway.`;
  return {
    id: rule,
    name: rule,
    shortDescription: { text: title },
    fullDescription: { text },
    defaultConfiguration: { level: 'note' },
    properties: { tags: ['gateway-rollout', kind] },
  };
}

function result(alert: Remark, ruleIndex: number, nth: number): object {
  const { rule, message, file, line, column, identity } = alert;
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  const uri = file.split('/').map(encodeURIComponent).join('/');
  const physicalLocation = {
    artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
    region: { startLine: line, startColumn: column },
  };
  return {
    ruleId: rule,
    ruleIndex,
    level: 'note',
    message: { text: message },
    locations: [{ physicalLocation }],
    partialFingerprints: { primaryLocationLineHash: `${hash}:${nth}` },
  };
}
