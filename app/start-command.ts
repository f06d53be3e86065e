/** `/start-rollout [<name>]` on any issue of the repository. */
import { formatProblem } from '../src/config/problem.ts';
import type { Config } from '../src/config/schema.ts';
import { isAllowed, requiredFor } from '../src/rollout/authority.ts';
import type { Command } from '../src/rollout/command.ts';
import type { Message } from '../src/rollout/message.ts';
import { isOver } from '../src/rollout/state.ts';
import { authorityOf, isStranger } from './authority.ts';
import type { Written } from './commands.ts';
import { type ReadConfig, readConfig, rolloutName } from './config-in-repository.ts';
import { react } from './issue.ts';
import { answer, forgetNotices } from './notice.ts';
import type { Repository } from './repository.ts';
import type { Services } from './services.ts';
import { beginRollout } from './start.ts';

const USUAL_PATH = '.github/gateway-rollout.yml';

type Choice =
  | { readonly kind: 'config'; readonly read: ReadConfig; readonly config: Config }
  | { readonly kind: 'refusal'; readonly message: Message };

export async function startByCommand(
  services: Services,
  repository: Repository,
  command: Extract<Command, { kind: 'start' }>,
  written: Written,
): Promise<void> {
  const { id, issue, by } = written;
  await react(repository, id, 'eyes');
  const refuse = (message: Message | null) =>
    answer(services, repository, { issue, comment: id }, 'confused', message);
  const choice = await chooseConfig(services, repository, command.name);
  const config = choice.kind === 'config' ? choice.config : null;
  const required = config === null ? 'write' : requiredFor(config, 'start');
  const authority = await authorityOf(repository, by, required);
  // Who may not start learns nothing of the config either.
  const allowed =
    config === null
      ? ['write', 'maintain', 'admin'].includes(authority.role)
      : isAllowed(config, 'start', authority);
  if (!allowed) {
    const data = { command: 'start', required, actual: authority.role, by, box: false } as const;
    const isStrange = isStranger(repository, written.association);
    return refuse(isStrange ? null : { code: 'permission_denied', data });
  }
  if (choice.kind === 'refusal') return refuse(choice.message);
  const { source } = choice.read;
  const asked = { comment: id, issue };
  forgetNotices(services, repository, rolloutName(choice.config, repository));
  const started = await beginRollout(services, repository, {
    key: `comment:${id}`,
    source,
    config: choice.config,
    by,
    asked,
  });
  if (started.kind === 'exists') await refuse({ code: 'rollout_exists', data: { issue: started.issue } });
  if (started.kind === 'not_believed') await refuse(stateRefused(NOT_BELIEVED));
  if (started.kind === 'refused') await refuse(stateRefused(started.detail));
}

const NOT_BELIEVED =
  "A branch of that rollout is there already, and its state is not the App's. Delete the branch, then write /start-rollout again.";

function stateRefused(detail: string): Message {
  return { code: 'alert', data: { alert: 'state_refused', detail } };
}

/** The config that the name means; without a name, the only one that has no rollout yet. */
async function chooseConfig(
  services: Services,
  repository: Repository,
  name: string | null,
): Promise<Choice> {
  const places = await services.memoryOf(repository).configs.list(repository);
  const reads = await Promise.all(places.map(({ path }) => readConfig(repository, path)));
  const found = reads.flatMap((read) => read ?? []);
  const usable = found.flatMap((read) =>
    read.loaded.ok
      ? [{ read, config: read.loaded.config, name: rolloutName(read.loaded.config, repository) }]
      : [],
  );
  const wanted = name === null ? usable : usable.filter((each) => each.name === name);
  const [first, ...others] = wanted;
  if (first !== undefined && others.length === 0) return { kind: 'config', ...first };
  if (first !== undefined) {
    const idle = await withoutRollout(services, repository, wanted);
    const [only, ...more] = idle;
    if (only !== undefined && more.length === 0) return { kind: 'config', ...only };
    const names = (idle.length > 0 ? idle : wanted).map((each) => each.name);
    return refusal({ code: 'start_name_needed', data: { names } });
  }
  const broken = found.find(({ loaded }) => !loaded.ok);
  if (broken !== undefined && !broken.loaded.ok) {
    const problems = broken.loaded.problems.map(formatProblem);
    return refusal({ code: 'config_broken', data: { path: broken.source.path, problems } });
  }
  if (usable.length > 0) {
    return refusal({ code: 'start_name_needed', data: { names: usable.map((each) => each.name) } });
  }
  return refusal({ code: 'start_without_config', data: { path: USUAL_PATH } });
}

async function withoutRollout<Each extends { readonly name: string }>(
  services: Services,
  repository: Repository,
  some: readonly Each[],
): Promise<readonly Each[]> {
  const store = services.storeOf(repository);
  const states = await Promise.all(some.map(({ name }) => store.read(name)));
  return some.filter((_each, index) => {
    const state = states[index];
    return state?.kind === 'missing' || (state?.kind === 'state' && isOver(state.state));
  });
}

function refusal(message: Message): Choice {
  return { kind: 'refusal', message };
}
