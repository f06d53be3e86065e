/** What the manifests of a repository say about its metrics, and about the place of the share. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { listFiles } from '../../inventory/list.ts';
import { MAX_FILE_BYTES, skipByName } from '../../inventory/skip.ts';

const MANIFEST =
  /(?:^|\/)(?:package\.json|deno\.jsonc?|pyproject\.toml|Pipfile|setup\.(?:py|cfg)|requirements[^/]*\.(?:txt|in)|go\.mod|pom\.xml|build\.(?:gradle(?:\.kts)?|sbt)|libs\.versions\.toml|Cargo\.toml|Gemfile|[^/]+\.gemspec|composer\.json|mix\.exs|pubspec\.yaml|Package\.swift|[^/]+\.(?:cs|fs|vb)proj|Directory\.Packages\.props|(?:docker-)?compose[^/]*\.ya?ml|[^/]*(?:litellm|config)[^/]*\.ya?ml|kustomization\.ya?ml)$/;

const WEIGHTS = "LiteLLM's weights";
/** Libraries and gateways that manifests name, and how each helps to measure. */
const TELEMETRY = {
  [WEIGHTS]: [
    /^model_list:[\s\S]*litellm_params:/m,
    'litellm-weights',
    'they can split the traffic, and its counters measure both arms, with measure and traffic of the recipe',
  ],
  OpenTelemetry: [/open-?telemetry/i, 'prometheus-opentelemetry', 'can measure both arms'],
  Prometheus: [
    /prom-client|promphp|prometheus[_-](?:client|ex|exporter|fastapi|flask|net)|django-prometheus|starlette[_-](?:exporter|prometheus)|client_golang|micrometer-registry-prometheus|simpleclient|metrics-exporter-prometheus|^prometheus\s*=|['"]prometheus/im,
    'prometheus-python',
    'can measure both arms, with a label that names the arm',
  ],
  LiteLLM: [/litellm/i, 'litellm', 'a proxy reports cost'],
  Kubernetes: [/kustomize\.config\.k8s\.io/, 'kubernetes', 'the share can be in a ConfigMap'],
  Portkey: [/portkey/i, 'portkey-weights', 'its gateway can split the traffic'],
  Langfuse: [/langfuse/i, 'clickhouse-opentelemetry', 'not a source; the same spans in ClickHouse are'],
} as const satisfies Readonly<Record<string, readonly [RegExp, recipe: string, use: string]>>;

const RECIPES = 'https://github.com/gateway-rollout/gateway-rollout/blob/main/test/recipes';

export interface Telemetry {
  /** A sentence for each that a manifest names. */
  readonly notes: readonly string[];
  /** Whether something counts calls for Prometheus. */
  readonly isLikely: boolean;
  /** Where the file with the share belongs: kustomize reads none outside its folder. */
  readonly share: string;
}

export async function telemetryIn(root: string): Promise<Telemetry> {
  const found = new Map<string, string>();
  const kustomizations: string[] = [];
  for await (const path of manifestsIn(root)) {
    const text = manifestText(join(root, path));
    if (/(?:^|\/)kustomization\.ya?ml$/.test(path)) kustomizations.push(dirname(path));
    for (const [name, [pattern, recipe, use]] of Object.entries(TELEMETRY)) {
      if (found.has(name) || !pattern.test(text)) continue;
      found.set(name, `${name} (${path}): ${use}. ${RECIPES}/${recipe}`);
      // The rest of its config is about itself.
      if (name === WEIGHTS) break;
    }
  }
  if (found.has(WEIGHTS)) found.delete('LiteLLM');
  const [folder, ...others] = kustomizations;
  const isClear = folder !== undefined && others.length === 0;
  return {
    notes: [...found.values()],
    isLikely: found.has('OpenTelemetry') || found.has('Prometheus'),
    share: isClear ? posix.join(folder, 'share.json') : 'deploy/share.json',
  };
}

async function* manifestsIn(root: string): AsyncGenerator<string> {
  for await (const listed of listFiles(root)) {
    const paths = listed.kind === 'files' ? listed.paths : [];
    yield* paths.filter((each) => MANIFEST.test(each) && skipByName(each) === null);
  }
}

function manifestText(path: string): string {
  try {
    const { size } = statSync(path);
    return size <= MAX_FILE_BYTES ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}
