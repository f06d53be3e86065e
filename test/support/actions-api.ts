/** What GitHub's API tells of a repository's workflow runs and their artifacts; it holds state, as GitHub does. */
import { sendJson, serve } from '../gateway/loopback.ts';
import { type ArtifactService, startArtifactService } from './artifact-service.ts';

/** A run of a workflow, as the API describes it; the defaults are those of a run that is believed. */
export interface WorkflowRun {
  readonly event?: string;
  /** With or without @ and a ref. */
  readonly path?: string;
  readonly branch?: string;
  /** Where its commit stands, compared with the default branch. */
  readonly commit?: 'identical' | 'behind' | 'ahead' | 'diverged';
  readonly fromFork?: boolean;
  readonly expired?: boolean;
}

export interface ActionsApi {
  /** What a runner gives to a step of the next run. */
  environment(): Promise<Readonly<Record<string, string>>>;
  /** The run is over: what it uploaded can be found from now on. @returns whether it left the artifact */
  finish(): boolean;
  /** A run that left an artifact, of which only its whereabouts matter. */
  leave(run: WorkflowRun): void;
  readonly origin: string;
  /** The file that the App keeps on the rollout's branch; before, there is none. */
  keepState(rollout: string, file: object): void;
  /** Somebody pushes a tag that bears the name of the rollout's branch, with a file of their own. */
  tagState(rollout: string, file: object): void;
  /** The repository becomes public. */
  publish(): void;
  /** `METHOD path` of all requests. */
  readonly requests: readonly string[];
  /** The API answers with this status until it is set back to 200. */
  answerWith(status: number): void;
}

export const WORKFLOW = '.github/workflows/gateway-observe.yml';
/** Commit at the end of the default branch. */
const HEAD = 'head';
const REPOSITORY_ID = 7;
const FORK_ID = 8;

/** One repository, `acme/shop`, with the default branch `main`; ends with the test. */
export async function startActionsApi({ isPrivate: begun = true } = {}): Promise<ActionsApi> {
  const uploaded: { readonly zip: Buffer; readonly run: WorkflowRun }[] = [];
  const requests: string[] = [];
  let current: ArtifactService | null = null;
  let isPrivate = begun;
  let status = 200;
  const states = new Map<string, string>();
  const origin = await serve((request, response) => {
    const { pathname: encoded, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const pathname = decodeURIComponent(encoded);
    requests.push(`${request.method} ${pathname}`);
    if (status !== 200) sendJson(response, status, { message: 'Resource not accessible by integration' });
    else if (pathname === '/repos/acme/shop/contents/state.json') {
      const ref = refOf(searchParams.get('ref') ?? '');
      sendJson(response, ref === undefined ? 404 : 200, fileAt(ref));
    } else if (pathname.startsWith('/repos/acme/shop/actions/artifacts/'))
      response.writeHead(302, { location: `${origin}/zips/${numberIn(pathname)}.zip` }).end();
    else if (pathname.startsWith('/zips/'))
      response.writeHead(200, { 'content-type': 'application/zip' }).end(uploadOf(pathname)?.zip);
    else sendJson(response, 200, answer(pathname, searchParams.get('name')));
  });

  /** A tag comes before a branch of its name. */
  function refOf(ref: string): string | undefined {
    return [ref, `refs/tags/${ref}`, `refs/heads/${ref}`].find((each) => states.has(each));
  }

  /** Above 1 MB the content is told by its blob alone. */
  function fileAt(ref: string | undefined): object {
    const text = states.get(ref ?? '');
    if (text === undefined) return { message: 'Not Found' };
    const about = { type: 'file', sha: [...states.keys()].indexOf(ref ?? '') };
    return text.length > 1024 * 1024
      ? { ...about, encoding: 'none', content: '' }
      : { ...about, encoding: 'base64', content: base64(text) };
  }

  function answer(pathname: string, name: string | null) {
    if (pathname === '/repos/acme/shop') return { private: isPrivate, default_branch: 'main' };
    if (pathname === '/repos/acme/shop/git/ref/heads/main') return { object: { sha: HEAD } };
    if (pathname.startsWith('/repos/acme/shop/git/blobs/'))
      return { content: base64([...states.values()][numberIn(pathname)] ?? '') };
    if (pathname === '/repos/acme/shop/actions/artifacts') return { artifacts: listed(name) };
    const { event = 'schedule', path = WORKFLOW, commit = 'behind' } = uploadOf(pathname)?.run ?? {};
    return pathname.includes(`/compare/${HEAD}...`) ? { status: commit } : { event, path };
  }

  /** Ids of artifacts, runs and commits alike count from 1. */
  function uploadOf(pathname: string) {
    return uploaded[numberIn(pathname) - 1];
  }

  function listed(name: string | null) {
    if (name !== 'gateway-rollout-measurement') return [];
    return uploaded.map(({ run }, index) => ({
      id: index + 1,
      name,
      expired: run.expired ?? false,
      workflow_run: {
        id: index + 1,
        repository_id: REPOSITORY_ID,
        head_repository_id: run.fromFork === true ? FORK_ID : REPOSITORY_ID,
        head_branch: run.branch ?? 'main',
        head_sha: `commit${index + 1}`,
      },
    }));
  }

  return {
    async environment() {
      current = await startArtifactService();
      return {
        ...current.environment,
        GITHUB_API_URL: origin,
        GITHUB_REF: 'refs/heads/main',
        GITHUB_WORKFLOW_REF: `acme/shop/${WORKFLOW}@refs/heads/main`,
        'INPUT_GITHUB-TOKEN': 'ghs_0123456789abcdefghij0123456789abcdef',
      };
    },
    finish() {
      const zip = current?.artifacts.get('gateway-rollout-measurement')?.zip;
      if (zip !== undefined) uploaded.push({ zip, run: {} });
      return zip !== undefined;
    },
    leave(run) {
      uploaded.push({ zip: Buffer.alloc(0), run });
    },
    origin,
    keepState(rollout, file) {
      states.set(`refs/heads/gateway-rollout/${rollout}`, JSON.stringify(file));
    },
    tagState(rollout, file) {
      states.set(`refs/tags/gateway-rollout/${rollout}`, JSON.stringify(file));
    },
    publish() {
      isPrivate = false;
    },
    requests,
    answerWith(next) {
      status = next;
    },
  };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const numberIn = (pathname: string): number => Number(/(\d+)(?:\.zip|\/zip)?$/.exec(pathname)?.[1] ?? 0);
