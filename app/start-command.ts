/** `/start-rollout [<name>]` on any issue of the repository. */
import { formatProblem } from '../src/config/problem.ts';
import type { Config } from '../src/config/schema.ts';
import { isAllowed, requiredFor } from '../src/rollout/actor.ts';
import type { Command } from '../src/rollout/command.ts';
import type { Message } from '../src/rollout/message.ts';
import { isOver } from '../src/rollout/state.ts';
import { authorityOf, isOutsider } from './authority.ts';
import type { CommandComment } from './comments.ts';
import { type FetchedConfig, fetchConfig, rolloutName } from './config-in-repository.ts';
import { withEyes } from './decoration.ts';
import { forgetNotices, refuseOnce } from './notice.ts';
import type { RepositoryContext } from './repository-context.ts';
import { beginRollout } from './start.ts';

const USUAL_PATH = '.github/gateway-rollout.yml';

/** A valid config, and the name of its rollout. */
interface Candidate {
  readonly read: FetchedConfig;
  readonly config: Config;
  readonly name: string;
}

export function startByCommand(
  context: RepositoryContext,
  command: Extract<Command, { kind: 'start' }>,
  comment: CommandComment,
): Promise<void> {
  return withEyes(context, comment.id, () => start(context, command, comment));
}

async function start(
  context: RepositoryContext,
  command: Extract<Command, { kind: 'start' }>,
  { id, issue, by, association }: CommandComment,
): Promise<void> {
  const { repository } = context;
  const refuse = (message: Message | null) => refuseOnce(context, { issue, comment: id }, message);
  const choice = await chooseConfig(context, command.name);
  const config = 'config' in choice ? choice.config : null;
  const required = config === null ? 'write' : requiredFor(config, 'start');
  const authority = await authorityOf(repository, by, required);
  // Without permission to start, nobody learns anything about the config either.
  if (!isAllowed(required, authority)) {
    const data = { command: 'start', required, actual: authority.role, by, box: false } as const;
    return refuse(isOutsider(repository, association) ? null : { code: 'permission_denied', data });
  }
  if (!('config' in choice)) return refuse(choice);
  forgetNotices(context, choice.name);
  const started = await beginRollout(context, {
    key: `comment:${id}`,
    source: choice.read.source,
    config: choice.config,
    by,
    asked: { comment: id, issue },
  });
  if (started.kind === 'exists') await refuse({ code: 'rollout_exists', data: { issue: started.issue } });
  if (started.kind === 'not_trusted') await refuse(stateRefused(NOT_TRUSTED));
  if (started.kind === 'refused') await refuse(stateRefused(started.detail));
}

const NOT_TRUSTED =
  'The branch of that rollout exists already, but the App did not write its state. Delete the branch, then comment /start-rollout again.';

function stateRefused(detail: string): Message {
  return { code: 'alert', data: { alert: 'state_refused', detail } };
}

/** The config with that name; without a name, the only one that has no rollout yet. Or why there is no such config. */
async function chooseConfig(context: RepositoryContext, name: string | null): Promise<Candidate | Message> {
  const { repository, memory } = context;
  const files = await memory.configs.list(repository);
  const reads = await Promise.all(files.map(({ path }) => fetchConfig(repository, path)));
  const found = reads.flatMap((read) => read ?? []);
  const valid = found.flatMap((read): Candidate[] => {
    if (!read.loaded.ok) return [];
    const { config } = read.loaded;
    return [{ read, config, name: rolloutName(config, repository) }];
  });
  const named = name === null ? valid : valid.filter((each) => each.name === name);
  const idle = named.length > 1 ? await withoutRollout(context, named) : named;
  const [only, ...more] = idle;
  if (only !== undefined && more.length === 0) return only;
  const broken = found.find(({ loaded }) => !loaded.ok);
  if (named.length === 0 && broken !== undefined && !broken.loaded.ok) {
    const problems = broken.loaded.problems.map(formatProblem);
    return { code: 'config_broken', data: { path: broken.source.path, problems } };
  }
  if (valid.length === 0) return { code: 'start_without_config', data: { path: USUAL_PATH } };
  const choices = [idle, named, valid].find((each) => each.length > 0) ?? [];
  return { code: 'start_name_needed', data: { names: choices.map((each) => each.name) } };
}

async function withoutRollout(
  { store }: RepositoryContext,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const states = await Promise.all(candidates.map(({ name }) => store.read(name)));
  return candidates.filter((_each, index) => {
    const state = states[index];
    return state?.kind === 'missing' || (state?.kind === 'state' && isOver(state.state));
  });
}
