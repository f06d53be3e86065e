/** LiteLLM's config at every share: what its router reads, and the diff that people see. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { atShare, recipeConfig, recipeFile } from '../recipe.ts';

const RECIPE = 'litellm-weights';
const FILE = recipeFile(RECIPE, 'deploy/litellm.yaml');

describe('the recipe for the weights of LiteLLM', () => {
  it.each([0, 5, 12.5, 50, 100])('splits one model between both arms at %d %%', (share) => {
    const { model_list } = parse(atShare(RECIPE, share));
    const { official, gateway } = recipeConfig(RECIPE);
    expect(model_list).toMatchObject([
      { model_name: 'gpt-4o-mini', litellm_params: { api_base: official.base_url, weight: 100 - share } },
      { model_name: 'gpt-4o-mini', litellm_params: { api_base: gateway.base_url, weight: share } },
    ]);
  });

  it('changes two numbers and keeps comments and layout', () => {
    const lines = FILE.split('\n');
    const changed = atShare(RECIPE, 25)
      .split('\n')
      .filter((line, index) => line !== lines[index]);
    expect(changed).toEqual(['      weight: 75   # gateway-rollout writes both weights', '      weight: 25']);
    expect(atShare(RECIPE, 0)).toBe(FILE);
  });

  it('reads keys from variables, and never turns a failure of one arm into traffic on the other', () => {
    const { model_list, router_settings } = parse(FILE);
    for (const { litellm_params } of model_list)
      expect(litellm_params.api_key).toMatch(/^os\.environ\/[A-Z_]+$/);
    expect(router_settings).toEqual({
      routing_strategy: 'simple-shuffle',
      num_retries: 0,
      disable_cooldowns: true,
    });
  });
});
