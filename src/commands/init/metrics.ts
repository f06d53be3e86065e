/** What the manifests of a repository say about its metrics. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../../inventory/list.ts';
import { MAX_FILE_BYTES, skipByName } from '../../inventory/skip.ts';

const MANIFEST =
  /(?:^|\/)(?:package\.json|deno\.jsonc?|pyproject\.toml|Pipfile|setup\.(?:py|cfg)|requirements[^/]*\.(?:txt|in)|go\.mod|pom\.xml|build\.(?:gradle(?:\.kts)?|sbt)|libs\.versions\.toml|Cargo\.toml|Gemfile|[^/]+\.gemspec|composer\.json|mix\.exs|pubspec\.yaml|Package\.swift|[^/]+\.(?:cs|fs|vb)proj|Directory\.Packages\.props|(?:docker-)?compose[^/]*\.ya?ml)$/;

/** Libraries and gateways that manifests name, and how each helps to measure. */
const TELEMETRY = {
  OpenTelemetry: [/open-?telemetry/i, 'prometheus-opentelemetry', 'can measure both arms'],
  Prometheus: [
    /prom-client|promphp|prometheus[_-](?:client|ex|exporter|fastapi|flask|net)|django-prometheus|starlette[_-](?:exporter|prometheus)|client_golang|micrometer-registry-prometheus|simpleclient|metrics-exporter-prometheus|^prometheus\s*=|['"]prometheus/im,
    'prometheus-opentelemetry',
    'can measure both arms, with a label that names the arm',
  ],
  LiteLLM: [/litellm/i, 'litellm', 'a proxy reports cost'],
  Portkey: [/portkey/i, 'portkey-weights', 'its gateway can split the traffic'],
  Langfuse: [/langfuse/i, 'clickhouse-opentelemetry', 'not a source; the same spans in ClickHouse are'],
} as const satisfies Readonly<Record<string, readonly [RegExp, recipe: string, use: string]>>;

const RECIPES = 'https://github.com/gateway-rollout/gateway-rollout/blob/main/test/recipes';

/** A sentence for each that a manifest names, and whether they count calls for Prometheus. */
export async function telemetryIn(root: string) {
  const found = new Map<string, string>();
  for await (const listed of listFiles(root)) {
    const paths = listed.kind === 'files' ? listed.paths : [];
    for (const path of paths.filter((each) => MANIFEST.test(each) && skipByName(each) === null)) {
      const text = manifestText(join(root, path));
      for (const [name, [pattern, recipe, use]] of Object.entries(TELEMETRY)) {
        if (found.has(name) || !pattern.test(text)) continue;
        found.set(name, `${name} (${path}): ${use}. ${RECIPES}/${recipe}`);
      }
    }
  }
  return { notes: [...found.values()], isLikely: found.has('OpenTelemetry') || found.has('Prometheus') };
}

function manifestText(path: string): string {
  try {
    const { size } = statSync(path);
    return size <= MAX_FILE_BYTES ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}
