/** A repository's files as one archive, served from another address as GitHub does. */
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { defaultBranchOf, headOf } from '../repository.ts';
import { notFound, redirect } from '../response.ts';
import { type Call, type Route, repositoryRoute, route } from '../router.ts';
import type { Schema, World } from '../world.ts';

export const archiveRoutes: readonly Route[] = [
  repositoryRoute('GET', '/tarball', (call) => toArchive(call)),
  repositoryRoute('GET', '/tarball/*ref', (call) => toArchive(call)),
  route('GET', '/downloads/:owner/:repo/tarball/:sha', async ({ world, params }) => ({
    status: 200,
    headers: { 'content-type': 'application/x-gzip' },
    body: await archive(world, `${params.owner}/${params.repo}`, params.sha ?? ''),
  })),
];

async function toArchive({ world, repository, params }: Call) {
  const ref = params.ref ?? (await defaultBranchOf(world, repository));
  const sha = (await headOf(world, repository, ref)) ?? notFound();
  return redirect(302, `${world.url}/downloads/${repository.fullName}/tarball/${sha}?token=signature`);
}

async function archive(world: World, fullName: string, sha: string): Promise<Buffer> {
  const base = `/repos/${fullName}`;
  const tree = await world.upstream.read<Schema<'git-tree'>>(`${base}/git/trees/${sha}?recursive=1`);
  if (tree === null) return notFound();
  const tar = pack();
  const root = `${fullName.replace('/', '-')}-${sha.slice(0, 7)}`;
  for (const { path, type, sha: blob } of tree.tree) {
    if (type !== 'blob') continue;
    const found = await world.upstream.read<Schema<'blob'>>(`${base}/git/blobs/${blob}`);
    tar.entry({ name: `${root}/${path}` }, Buffer.from(found?.content ?? '', 'base64'));
  }
  tar.finalize();
  return gzipSync(await buffer(tar));
}
