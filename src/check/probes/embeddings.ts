import type { Exchange } from '../../gateway/exchange.ts';
import { field, listField } from '../../gateway/json.ts';
import { coreName } from '../../gateway/model-names.ts';
import { notServed, served, usageDefects } from '../exchanges.ts';
import { modelProbe, responseProbe, withRequestId } from '../model-probe.ts';
import { ok, type Probe, type ProbeFinding, problem, skip } from '../probe.ts';
import { repeatedly } from '../repeat.ts';
import { embedding } from '../requests.ts';

/** Dimensions of the official models; stored vectors depend on them. */
const DIMENSIONS: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
};

/** Two encodings of one vector may differ by rounding to 32 bits and by the noise of a second run. */
const LEAST_COSINE = 0.999;

const FIX =
  'New vectors would silently not match stored ones. Do not move embeddings until the gateway is fixed.';

const FIX_USAGE = "Programs that read its usage break or lose track of cost; ask the gateway's operator.";

/** One for each encoding. */
const REQUESTS = 2;

export const embeddingProbes: readonly Probe[] = [
  responseProbe({
    id: 'embeddings.float',
    severity: 'block',
    of: 'embedding',
    features: ['embeddings'],
    request: (model) => embedding(model, 'float'),
    requestsOfFeature: REQUESTS,
    what: 'An embedding',
    judge(response, { name, gatewayName }) {
      const vector = floatsOf(encodedVector(response));
      if (vector === null) return problem('An embedding is not a list of numbers.', FIX);
      const [defect] = usageDefects(response.json, ['input']);
      if (defect !== undefined) return problem(`An embedding is incomplete: ${defect}.`, FIX_USAGE);
      const expected = expectedDimension(name, gatewayName);
      if (expected === null || vector.length === expected)
        return ok(`An embedding has ${vector.length} dimensions.`);
      return problem(`An embedding has ${vector.length} dimensions instead of ${expected}.`, FIX);
    },
  }),
  modelProbe({
    id: 'embeddings.base64',
    severity: 'block',
    of: 'embedding',
    features: ['embeddings'],
    run: (model, context) =>
      repeatedly(context, REQUESTS, async (send) => {
        const [plain, packed] = await Promise.all([
          send(embedding(model, 'float')),
          send(embedding(model, 'base64')),
        ]);
        const response = served(packed);
        if (response === null) return notServed('An embedding with encoding_format base64', packed);
        return withRequestId(judgePacked(encodedVector(response), floatsOf(encodedVector(plain))), response);
      }),
  }),
];

function judgePacked(packed: unknown, reference: readonly number[] | null): ProbeFinding {
  if (typeof packed !== 'string') {
    return problem(
      'encoding_format: base64 is ignored: the embedding is a list of numbers.',
      'The official client requests base64 by default; before 7.15 it silently reads such an embedding as zeros. Update the client, or request float.',
    );
  }
  if (reference === null) return skip('There was no plain embedding to compare with.');
  const unpacked = floats32(packed);
  if (unpacked.length !== reference.length || cosine(unpacked, reference) < LEAST_COSINE) {
    return problem('The base64 embedding differs from the plain one.', FIX);
  }
  return ok('Both encodings give the same vector.');
}

function encodedVector(exchange: Exchange): unknown {
  return exchange.kind === 'response' ? field(listField(exchange.json, 'data')[0], 'embedding') : undefined;
}

function floatsOf(value: unknown): readonly number[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.every((each) => typeof each === 'number' && Number.isFinite(each)) ? value : null;
}

/** Little-endian 32-bit floats, as the API packs them. */
function floats32(base64: string): readonly number[] {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readFloatLE(index * 4));
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  const norm = Math.sqrt(dot(a, a) * dot(b, b));
  return norm === 0 ? 0 : dot(a, b) / norm;
}

/** By the name in the code or on the gateway; null where neither is an official name. */
function expectedDimension(...names: readonly string[]): number | null {
  return names.map((name) => DIMENSIONS[coreName(name)]).find((expected) => expected !== undefined) ?? null;
}
