/** `gateway-rollout dashboards`: alert rules for Prometheus and a dashboard for Grafana, for the config's own series. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { byArm } from '../config/arms.ts';
import type { Config } from '../config/schema.ts';
import { armValuesOf, prometheusPreset } from '../measure/open-source.ts';
import { type PanelQueries, panelQueries } from '../measure/sources/panel-queries.ts';
import { ALERT_WINDOW, alertRules } from './dashboards/alerts.ts';
import { GRAFANA_WINDOW, grafanaDashboard } from './dashboards/grafana.ts';
import { configRoot, requireConfig } from './read-config.ts';
import { reasonOf } from './refusal.ts';
import type { ConfigChoice } from './settings.ts';
import { type CommandOutput, errorsTo } from './terminal.ts';

export interface DashboardsOptions extends ConfigChoice {
  readonly cwd: string;
  /** The folder to write to; without it both files are printed. */
  readonly output?: string | undefined;
}

const NO_PROMETHEUS =
  'The config has no source prometheus, so there are no series to show. Set measure.source: prometheus; gateway-rollout observe --discover proposes the names.';

/** @returns the exit code: 0 written or printed, 1 a file could not be written, 2 usage or config error */
export async function runDashboardsCommand(
  { cwd, output, ...choice }: DashboardsOptions,
  io: CommandOutput,
): Promise<0 | 1 | 2> {
  const refused = errorsTo(io.stderr);
  const found = await requireConfig(choice, configRoot(choice, cwd));
  if (found.kind === 'refused') return refused(found);
  const files = dashboardFiles(found.config);
  if (files === null) return refused({ messages: [NO_PROMETHEUS] });
  if (output === undefined) {
    for (const [file, text] of files) io.stdout(`# ${file}\n${text}\n`);
    return 0;
  }
  const folder = resolve(cwd, output);
  try {
    await mkdir(folder, { recursive: true });
    // Both or neither: one file of an earlier call must not let the other one be replaced.
    for (const [file, text] of files) await writeFile(join(folder, file), text, { flag: 'wx' });
  } catch (error) {
    refused({ messages: [`Can't write to ${output}: ${reasonOf(error)}. Existing files are not replaced.`] });
    return 1;
  }
  for (const [file] of files) io.stdout(`${join(output, file)}\n`);
  io.stdout(
    'Next: name the rules under rule_files in prometheus.yml, and import the dashboard into Grafana.\n',
  );
  return 0;
}

/** The files by name; null where no arm is measured by Prometheus. */
export function dashboardFiles(config: Config): readonly (readonly [file: string, text: string])[] | null {
  const queries = (window: string) => byArm((arm) => queriesOf(config, arm, window));
  const [alerts, panels] = [queries(ALERT_WINDOW), queries(GRAFANA_WINDOW)];
  if (alerts.gateway === null && alerts.official === null) return null;
  const name = config.name === null ? 'gateway-rollout' : `gateway-rollout-${config.name}`;
  const title = config.name === null ? 'Gateway rollout' : `Gateway rollout: ${config.name}`;
  return [
    [`${name}-alerts.yml`, alertRules(name, config, alerts)],
    [`${name}-dashboard.json`, grafanaDashboard(name, title, panels)],
  ];
}

function queriesOf(config: Config, arm: 'official' | 'gateway', window: string): PanelQueries | null {
  const section = config.measure?.[arm] ?? null;
  if (section?.source !== 'prometheus') return null;
  const preset = prometheusPreset(section);
  // A gateway's own exporter says nothing about the official arm.
  if (preset.armLabel === null && arm === 'official') return null;
  const source = { preset, labels: section.labels, armValues: armValuesOf(section, config) };
  return panelQueries(source, arm, window);
}
