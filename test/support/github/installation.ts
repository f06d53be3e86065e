/** The App is installed, given other permissions, suspended from a repository, removed. */
import type { Installation, WebhookEventName } from '@octokit/webhooks-types';
import type { Permissions } from './permissions.ts';
import { installationOf, OWNER } from './upstream.ts';
import type { World } from './world.ts';

export interface InstallationScenario {
  /** The App is removed: its tokens end, nothing is delivered any more. */
  uninstalls(): Promise<void>;
  installs(): Promise<void>;
  /** Other permissions hold at once, also for tokens given out before. */
  permits(permissions: Permissions): Promise<void>;
}

export function createInstallation(world: World, expireTokens: () => void): InstallationScenario {
  const { app } = world;

  async function sendWebhook(action: 'created' | 'deleted' | 'new_permissions_accepted'): Promise<void> {
    const names = [...world.repositories.values()].map(({ fullName }) => fullName);
    const shown = await Promise.all(
      names.map((name) =>
        world.upstream.read<{ id: number; node_id: string; name: string }>(`/repos/${name}`),
      ),
    );
    const repositories = shown.flatMap((each, index) =>
      each === null
        ? []
        : [
            {
              id: each.id,
              node_id: each.node_id,
              name: each.name,
              full_name: names[index] ?? '',
              private: true,
            },
          ],
    );
    const payload = {
      action,
      installation: await installation(world),
      repositories,
      ...(action === 'new_permissions_accepted' ? {} : { requester: null }),
    };
    const event: WebhookEventName = 'installation';
    await world.announce(null, event, payload, await world.user(OWNER));
  }

  return {
    async uninstalls() {
      app.installed = false;
      expireTokens();
      await sendWebhook('deleted');
    },
    async installs() {
      app.installed = true;
      await sendWebhook('created');
    },
    async permits(permissions) {
      app.permissions = permissions;
      await sendWebhook('new_permissions_accepted');
    },
  };
}

async function installation({ app, url, clock, repositories, user }: World): Promise<Installation> {
  const owner = [...repositories.values()][0]?.fullName.split('/')[0] ?? '';
  const id = installationOf(app.id);
  return {
    id,
    account: { ...(await user(OWNER)), login: owner, type: 'Organization' },
    repository_selection: 'all',
    access_tokens_url: `${url}/app/installations/${id}/access_tokens`,
    repositories_url: `${url}/installation/repositories`,
    html_url: `${url}/organizations/${owner}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: 1,
    target_type: 'Organization',
    permissions: app.permissions,
    events: [],
    created_at: Math.floor(clock.now() / 1000),
    updated_at: Math.floor(clock.now() / 1000),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}
