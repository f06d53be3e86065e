/** The recipe's manifest at every share, validated with the schema of Gateway API's own CRD. */
import { HTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { atShare, recipeConfig, recipeFile } from '../recipe.ts';

const RECIPE = 'httproute';
const MANIFEST = recipeFile(RECIPE, 'deploy/httproute.yaml');
const SHARES = recipeConfig(RECIPE).rollout.stages.flatMap((stage) =>
  stage.kind === 'share' ? [stage.share] : [],
);

/** @throws the schema's errors */
function validated(manifest: string): HTTPRoute {
  const route = new HTTPRoute(parse(manifest));
  route.validate();
  return route;
}

describe('the recipe for HTTPRoute', () => {
  it.each([0, ...SHARES])('is a valid HTTPRoute at %d %%, whose weights add up to 100', (share) => {
    const [rule] = validated(atShare(RECIPE, share)).spec.rules ?? [];
    expect(rule?.backendRefs?.map(({ name, weight }) => [name, weight])).toEqual([
      ['llm-official', 100 - share],
      ['llm-gateway', share],
    ]);
  });

  it('changes only the two weights', () => {
    const lines = MANIFEST.split('\n');
    const changed = atShare(RECIPE, 25)
      .split('\n')
      .filter((line, index) => line !== lines[index]);
    expect(changed).toEqual(['          weight: 75', '          weight: 25']);
    expect(atShare(RECIPE, 0)).toBe(MANIFEST);
  });

  it('names the arm in every response', () => {
    const [rule] = validated(MANIFEST).spec.rules ?? [];
    const headers = rule?.backendRefs?.map(({ filters }) => filters?.[0]?.responseHeaderModifier?.set?.[0]);
    expect(headers).toEqual([
      { name: 'x-llm-arm', value: 'official' },
      { name: 'x-llm-arm', value: 'gateway' },
    ]);
  });

  it('refuses half a percent, as Kubernetes does', () => {
    expect(() => atShare(RECIPE, 12.5)).toThrow('expected stages of whole percents');
    expect(() => validated(MANIFEST.replace('weight: 0', 'weight: 12.5'))).toThrow('weight');
  });
});
