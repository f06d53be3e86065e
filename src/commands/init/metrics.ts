/** What the manifests of a repository say about its metrics, and about the place of the share. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { listFiles } from '../../inventory/list.ts';
import { MAX_FILE_BYTES, skipByName } from '../../inventory/skip.ts';

const MANIFEST =
  /(?:^|\/)(?:package\.json|deno\.jsonc?|pyproject\.toml|Pipfile|setup\.(?:py|cfg)|requirements[^/]*\.(?:txt|in)|go\.mod|pom\.xml|build\.(?:gradle(?:\.kts)?|sbt)|libs\.versions\.toml|Cargo\.toml|Gemfile|[^/]+\.gemspec|composer\.json|mix\.exs|pubspec\.yaml|Package\.swift|[^/]+\.(?:cs|fs|vb)proj|Directory\.Packages\.props|(?:docker-)?compose[^/]*\.ya?ml|[^/]*(?:litellm|config)[^/]*\.ya?ml|kustomization\.ya?ml)$/;

/** Libraries and gateways that manifests name, and how each helps to measure. */
const TELEMETRY = {
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

/** A proxy's own config, which says nothing about the program. */
const WEIGHTS = /^model_list:[\s\S]*litellm_params:/m;
const RECIPES = 'https://github.com/gateway-rollout/gateway-rollout/blob/main/test/recipes';
const SPLITS = `its weights can split the traffic, and its counters measure both arms: take measure and traffic from ${RECIPES}`;

/**
 * A sentence for each that a manifest names, whether they count calls for Prometheus, and where the file with the share
 * belongs: kustomize reads none outside its folder.
 */
export async function telemetryIn(root: string) {
  const manifests: (readonly [path: string, text: string])[] = [];
  for await (const listed of listFiles(root)) {
    const paths = listed.kind === 'files' ? listed.paths : [];
    const own = paths.filter((path) => MANIFEST.test(path) && skipByName(path) === null);
    manifests.push(...own.map((path) => [path, manifestText(join(root, path))] as const));
  }
  const [proxy] = manifests.find(([, text]) => WEIGHTS.test(text)) ?? [];
  const found = Object.entries(TELEMETRY).flatMap(([name, [pattern, recipe, use]]) => {
    const [path] = manifests.find(([, text]) => pattern.test(text) && !WEIGHTS.test(text)) ?? [];
    if (name === 'LiteLLM' && proxy !== undefined)
      return [[name, `${name} (${proxy}): ${SPLITS}/litellm-weights`]];
    return path === undefined ? [] : [[name, `${name} (${path}): ${use}. ${RECIPES}/${recipe}`]];
  });
  const [kustomization = '', ...others] = manifests.flatMap(([path]) =>
    /^(.*\/)?kustomization\.ya?ml$/.test(path) ? path : [],
  );
  const folder = kustomization === '' || others.length > 0 ? 'deploy' : dirname(kustomization);
  return {
    notes: found.map(([, note = '']) => note),
    isLikely: found.some(([name]) => name === 'OpenTelemetry' || name === 'Prometheus'),
    share: posix.join(folder, 'share.json'),
  };
}

function manifestText(path: string): string {
  try {
    const { size } = statSync(path);
    return size <= MAX_FILE_BYTES ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}
