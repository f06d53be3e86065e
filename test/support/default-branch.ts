/** What GitHub's API shows a job of the default branch of `acme/shop`: its files, and nothing else. */
import { sendJson, serve } from '../gateway/loopback.ts';
import type { Files } from './files.ts';

export interface DefaultBranch {
  /** What a runner gives to the step. */
  readonly environment: Readonly<Record<string, string>>;
  /** Paths that were asked for, with `?ref=…` where one was named. */
  readonly asked: readonly string[];
}

const TOKEN = 'ghs_0123456789abcdefghij0123456789abcdef';
const CONTENTS = '/repos/acme/shop/contents/';

/** Ends with the test. @param status instead of an answer, such as 403 for a job without `contents: read` */
export async function startDefaultBranch(files: Files, status = 200): Promise<DefaultBranch> {
  const asked: string[] = [];
  const origin = await serve((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const file = decodeURIComponent(pathname);
    asked.push(file.replace(CONTENTS, '') + search);
    const content = file.startsWith(CONTENTS) ? files[file.slice(CONTENTS.length)] : undefined;
    const isAllowed = request.headers.authorization === `token ${TOKEN}`;
    if (status !== 200 || !isAllowed) sendJson(response, isAllowed ? status : 401, { message: 'No' });
    else if (content === undefined) sendJson(response, 404, { message: 'Not Found' });
    else {
      const base64 = Buffer.from(content).toString('base64');
      sendJson(response, 200, { type: 'file', encoding: 'base64', sha: 'f'.repeat(40), content: base64 });
    }
  });
  return { environment: { GITHUB_API_URL: origin, 'INPUT_GITHUB-TOKEN': TOKEN }, asked };
}
