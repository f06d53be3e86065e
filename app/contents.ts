/** Reads files of a branch, and writes them by compare-and-swap on the blob that was read. */
import { isUtf8 } from 'node:buffer';
import type { Answer, ConditionalHeaders } from './conditional.ts';
import { isRateLimit, statusOf, wordsOf } from './http-status.ts';
import { at, type Repository } from './repository.ts';

export type FileRead =
  /** `text` includes a byte order mark, so that it is written back unchanged. */
  | { readonly kind: 'file'; readonly blob: string; readonly text: string }
  | { readonly kind: 'no_text'; readonly what: string };

export type FileWritten =
  | { readonly kind: 'written'; readonly blob: string; readonly commit: string }
  /** The file was changed, or the file or the branch was deleted: read again. */
  | { readonly kind: 'conflict' }
  /** A rule or a missing permission; retrying does not help. `words` are GitHub's. */
  | { readonly kind: 'refused'; readonly words: string; readonly because: 'rule' | 'permission' };

/**
 * For the client's retry plugin, which retries every status that is not listed here. Retrying a conflict would only cost
 * 14 seconds. After a 5xx, the write may have happened; the retry then fails, because the blob has changed.
 */
export const RETRY = { doNotRetry: [400, 401, 403, 404, 409, 410, 422, 451] };

/**
 * Reads a file at a branch or commit; two requests where it is larger than 1 MB.
 * @param ref a commit, or a branch as `refs/heads/…`, so that no tag of that name is meant
 * @throws GitHub's 404 where there is no such file or ref, and its 304 where `headers` ask for that
 */
export async function fetchFile(
  repository: Repository,
  path: string,
  ref: string,
  headers: ConditionalHeaders = {},
): Promise<Answer<FileRead>> {
  const { rest } = repository.octokit;
  const answer = await rest.repos.getContent({ ...at(repository), path, ref, headers });
  const { data } = answer;
  const noText = (what: string) => ({ ...answer, data: { kind: 'no_text', what } }) as const;
  if (Array.isArray(data)) return noText('a folder');
  if (data.type !== 'file' || !('content' in data)) return noText(`a ${data.type}`);
  const isLarge = data.encoding === 'none';
  const content = isLarge
    ? (await rest.git.getBlob({ ...at(repository), file_sha: data.sha })).data.content
    : data.content;
  const bytes = Buffer.from(content, 'base64');
  if (!isUtf8(bytes)) return noText('a file that is not UTF-8');
  return { ...answer, data: { kind: 'file', blob: data.sha, text: bytes.toString('utf8') } };
}

/** The new content; `blob` is the one that was read. */
export interface FileChange {
  readonly path: string;
  readonly branch: string;
  readonly blob: string;
  readonly text: string;
  readonly message: string;
}

/** Replaces the file in one commit and one request, unless it has changed. */
export async function putFile(repository: Repository, change: FileChange): Promise<FileWritten> {
  const { path, branch, blob, text, message } = change;
  const content = Buffer.from(text, 'utf8').toString('base64');
  try {
    const { data } = await repository.octokit.rest.repos.createOrUpdateFileContents({
      ...at(repository),
      path,
      branch,
      sha: blob,
      content,
      message,
    });
    const { sha: written } = data.content ?? {};
    const { sha: commit } = data.commit;
    // GitHub's schema makes both optional; for a written file they are always there.
    if (written === undefined || commit === undefined) return { kind: 'conflict' };
    return { kind: 'written', blob: written, commit };
  } catch (error) {
    return refusalOf(error);
  }
}

/** GitHub answers 409 both to a lost compare-and-swap and for a protected branch: only the message differs. */
const LOST = /does not match|but expected/i;
const RULE =
  /rule violations|could not (?:update|create)|protected branch|must be made|is required|required status/i;

function refusalOf(error: unknown): FileWritten {
  const status = statusOf(error);
  const words = clauseOf(error);
  if (status === 409 || status === 422) {
    const isRule = !LOST.test(words) && RULE.test(words);
    if (isRule) return { kind: 'refused', words, because: 'rule' };
    if (status === 409) return { kind: 'conflict' };
  }
  if (status === 404) return { kind: 'conflict' };
  if (status === 403 && !isRateLimit(error)) return { kind: 'refused', words, because: 'permission' };
  throw error;
}

/** GitHub's message, as a part of a sentence. */
export function clauseOf(error: unknown): string {
  return wordsOf(error)
    .replace('violations found ', 'violations found: ')
    .replace(/[\s.]+$/, '');
}
