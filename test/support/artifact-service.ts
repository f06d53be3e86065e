/** The service that keeps the artifacts of a run: its RPC and the blob storage behind it, in one server. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson, serve } from '../gateway/loopback.ts';

export interface ArtifactService {
  /** Variables that the runner gives to an Action. */
  readonly environment: Readonly<Record<'ACTIONS_RESULTS_URL' | 'ACTIONS_RUNTIME_TOKEN', string>>;
  /** Artifacts by name, as they were finalized: the bytes of the zip, and when they are deleted. */
  readonly artifacts: ReadonlyMap<string, { readonly zip: Buffer; readonly expiresAt: string }>;
}

const RPC = '/twirp/github.actions.results.api.v1.ArtifactService/';

/** Keeps one artifact of a name, as GitHub does within a run; ends with the test. */
export async function startArtifactService(): Promise<ArtifactService> {
  const begun = new Map<string, { expiresAt: string; blocks: Map<string, Buffer>; zip: Buffer }>();
  const artifacts = new Map<string, { zip: Buffer; expiresAt: string }>();
  const origin = await serve(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const body = await bodyOf(request);
    if (url.pathname.startsWith(RPC))
      answerCall(url.pathname.slice(RPC.length), JSON.parse(String(body)), response);
    else storeBlob(url, body, response);
  });

  function answerCall(
    method: string,
    { name, expires_at: expiresAt = '' }: Record<string, string>,
    response: ServerResponse,
  ) {
    const known = name === undefined ? undefined : begun.get(name);
    if (method === 'CreateArtifact' && name !== undefined) {
      if (known !== undefined) {
        const msg = 'an artifact with this name already exists on the workflow run';
        return sendJson(response, 409, { code: 'already_exists', msg });
      }
      begun.set(name, { expiresAt, blocks: new Map(), zip: Buffer.alloc(0) });
      return sendJson(response, 200, {
        ok: true,
        signed_upload_url: `${origin}/blobs/${name}?sig=signature`,
      });
    }
    if (method !== 'FinalizeArtifact' || name === undefined || known === undefined) {
      return sendJson(response, 404, { code: 'not_found', msg: method });
    }
    artifacts.set(name, { zip: known.zip, expiresAt: known.expiresAt });
    return sendJson(response, 200, { ok: true, artifact_id: '4711' });
  }

  /** Azure's block blobs: either the whole at once, or blocks and then the list of their ids. */
  function storeBlob(url: URL, body: Buffer, response: ServerResponse) {
    const blob = begun.get(url.pathname.slice('/blobs/'.length));
    const part = url.searchParams.get('comp');
    const id = url.searchParams.get('blockid') ?? '';
    if (blob === undefined) return response.writeHead(404).end();
    if (part === 'block') blob.blocks.set(id, body);
    else if (part === 'blocklist') {
      const ids = [...String(body).matchAll(/<Latest>([^<]+)<\/Latest>/g)].map(([, each]) => each ?? '');
      blob.zip = Buffer.concat(ids.map((each) => blob.blocks.get(each) ?? Buffer.alloc(0)));
    } else blob.zip = body;
    return response.writeHead(201, { 'x-ms-request-id': '1', etag: '"1"' }).end();
  }

  return {
    environment: { ACTIONS_RESULTS_URL: `${origin}/`, ACTIONS_RUNTIME_TOKEN: RUNTIME_TOKEN },
    artifacts,
  };
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** Nobody checks the signature here; the client reads its run and job from the scope. */
const RUNTIME_TOKEN = `${encode({ alg: 'none' })}.${encode({ scp: 'Actions.Results:run-1:job-1' })}.`;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}
