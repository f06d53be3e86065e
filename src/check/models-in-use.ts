import leven from 'leven';
import type { Exchange } from '../gateway/exchange.ts';
import { field, textField } from '../gateway/json.ts';
import { coreName } from '../gateway/model-names.ts';
import type { ModelInUse } from './plan.ts';
import type { Model } from './requests.ts';

/**
 * Which endpoint serves a model. Only chat and embedding models are called; the others would cost money, and a `special`
 * one refuses a question in text alone.
 */
export type ModelKind = 'chat' | 'special' | 'embedding' | 'other';

/** How the names of official models begin: they say more than a gateway's own names for them. */
const OFFICIAL = /^(gpt|chatgpt|o\d|text-|dall-e|whisper|tts-|omni-|codex|computer-use|sora)/;

export function modelKind(model: Model): ModelKind {
  const { name: inCode, gatewayName } =
    typeof model === 'string' ? { name: model, gatewayName: model } : model;
  const name = OFFICIAL.test(inCode) ? inCode : gatewayName;
  if (/embed|\bbge-|(^|[/-])e5-/i.test(name)) return 'embedding';
  if (/dall-e|gpt-image|image-|whisper|transcribe|tts|moderation|realtime|sora|rerank/i.test(name))
    return 'other';
  return /audio|computer-use|deep-research/i.test(name) ? 'special' : 'chat';
}

export function firstOfKind(models: readonly ModelInUse[], kind: ModelKind): ModelInUse | null {
  return models.find((model) => modelKind(model) === kind) ?? null;
}

/** The ids of an OpenAI model list; null when the response is not one. */
export function listedModels(exchange: Exchange): string[] | null {
  if (exchange.kind !== 'response' || exchange.refusal !== null) return null;
  const data = field(exchange.json, 'data');
  if (!Array.isArray(data)) return null;
  return data.map((entry) => textField(entry, 'id')).filter((id) => id !== null);
}

/** Whether an entry of a model list stands for a name: some gateways list patterns such as `gpt-*`. */
export function matches(listed: string, name: string): boolean {
  if (!listed.includes('*')) return listed === name;
  const pieces = listed.split('*').map((piece) => piece.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`).test(name);
}

/**
 * The listed name that was probably meant: the same name without a provider's prefix or date, else the one with the
 * smallest edit distance, up to a third of the name's length.
 */
export function nearestName(name: string, listed: readonly string[]): string | null {
  const core = coreName(name);
  const names = listed.filter((candidate) => !candidate.includes('*'));
  const same = names.find((candidate) => coreName(candidate) === core);
  if (same !== undefined) return same;
  const ranked = names
    .map((candidate) => ({ candidate, distance: leven(core, coreName(candidate)) }))
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate));
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.ceil(core.length / 3) ? best.candidate : null;
}

/** A cheaper official model of the same family, which a dishonest gateway would use. */
export function siblingOf({ name, gatewayName }: ModelInUse): string {
  const known = [name, gatewayName].find((each) => each.includes('gpt-')) ?? name;
  const [family = ''] = /gpt-5|gpt-4\.1/.exec(known) ?? [];
  if (family !== '' && !known.includes('nano'))
    return `${family}-${known.includes('mini') ? 'nano' : 'mini'}`;
  return known.includes('gpt-4o-mini') ? 'gpt-4.1-nano' : 'gpt-4o-mini';
}
