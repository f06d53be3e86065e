/** Decides which key goes to which base URL. A key is never sent to a URL that its owner did not mean. */
import type { Arm } from '../config/arms.ts';
import type { Environment } from '../config/environment.ts';
import { resolveHeaders } from '../config/headers.ts';
import { baseUrlFlaw, sendsInClearText } from '../config/hosts.ts';
import type { Config } from '../config/schema.ts';
import type { EndpointAccess } from '../gateway/forward.ts';
import { originOf } from '../gateway/url.ts';
import type { CallProblem } from './call-problem.ts';
import { mayGetKey, type NamedOrigins, type NewAddress, newAddressText } from './named-origins.ts';
import type { CheckSettings, CommandHost, FoundSetting, SettingSources } from './settings.ts';
import { asSubject, nonBlank, readSetting, settingLabel } from './settings.ts';

const GATEWAY_IN_CONFIG = 'gateway.base_url of the config';
const OFFICIAL_IN_CONFIG = 'official.base_url of the config';

/** What the arms' endpoints are chosen from. */
export interface ArmSources extends SettingSources {
  /** Null where the repository has none; a base URL and a key are then enough. */
  readonly config: Config | null;
  /** Inside GitHub Actions: where keys may go. Elsewhere the person who runs the command names the addresses. */
  readonly named?: NamedOrigins | null;
}

/** A call of a command that sends requests to the arms. */
export interface ArmCall<Settings extends CheckSettings = CheckSettings> extends ArmSources, CommandHost {
  readonly settings: Settings;
}

export interface ArmEndpoint {
  readonly baseUrl: string;
  readonly apiKey: string;
}

export interface ChosenEndpoint {
  /** Null when there are problems, for an official API without a key, and for a new address. */
  readonly endpoint: ArmEndpoint | null;
  /** The address, if its key may not go there. */
  readonly newAddress: NewAddress | null;
  readonly problems: readonly CallProblem[];
  /** What a person should know although it is not a problem. */
  readonly notes: readonly string[];
}

export interface ChosenGateway extends ChosenEndpoint {
  /** With the config's headers, in which variables are replaced from the environment. */
  readonly endpoint: EndpointAccess | null;
  /** The values in the headers that came from the environment. */
  readonly headerSecrets: readonly string[];
}

const DEFAULT_OFFICIAL = 'https://api.openai.com/v1';

/** `official.base_url` of the config, or its default. */
export function officialBaseUrl({ config }: Pick<ArmSources, 'config'>): string {
  return config?.official.base_url ?? DEFAULT_OFFICIAL;
}

/**
 * The gateway's address and key: GATEWAY_API_KEY (or the input) with the address of flag, input or config, else
 * OPENAI_BASE_URL and OPENAI_API_KEY together. OPENAI_API_KEY alone is most likely the official key and is not used.
 */
export function chooseGateway(sources: ArmSources): ChosenGateway {
  const chosen = onlyNamed('gateway', chooseGatewayEndpoint(sources), sources);
  if (chosen.newAddress !== null) return { ...chosen, endpoint: null, headerSecrets: [] };
  const resolved = resolveHeaders(sources.config?.gateway.headers ?? {}, sources.environment);
  if (!resolved.ok) {
    const missing: CallProblem = { reasonCode: 'missing_header_variable', message: resolved.message };
    return { ...chosen, endpoint: null, problems: [...chosen.problems, missing], headerSecrets: [] };
  }
  const { headers, secrets } = resolved;
  const endpoint = chosen.endpoint && { ...chosen.endpoint, headers };
  return { ...chosen, endpoint, headerSecrets: secrets };
}

function chooseGatewayEndpoint(sources: ArmSources): ChosenEndpoint {
  const key = readSetting('apiKey', sources);
  if (key !== null) return withGatewayKey(key, sources);
  const openAiKey = nonBlank(sources.environment.OPENAI_API_KEY);
  if (openAiKey !== null) return withOpenAiKey({ value: openAiKey, from: 'OPENAI_API_KEY' }, sources);
  const baseUrl = namedBaseUrl(sources);
  return refuse(
    missingKey(sources, baseUrl),
    ...(baseUrl === null ? [missingBaseUrl(sources)] : baseUrlProblems(baseUrl)),
  );
}

/** The official API's endpoint, for comparison; null without its key. */
export function chooseOfficial(sources: ArmSources): ChosenEndpoint {
  const key = readSetting('officialApiKey', sources);
  if (key === null) return refuse();
  const named = readSetting('officialBaseUrl', sources);
  const baseUrl = named ?? { value: officialBaseUrl(sources), from: OFFICIAL_IN_CONFIG };
  return onlyNamed('official', checked(baseUrl, key, []), sources);
}

/** Takes the key away from an address that nobody with authority named. The only place where that is decided. */
export function onlyNamed(arm: Arm, chosen: ChosenEndpoint, sources: ArmSources): ChosenEndpoint {
  const { endpoint } = chosen;
  const { named = null } = sources;
  if (endpoint === null || named === null) return chosen;
  const address = { arm, baseUrl: endpoint.baseUrl };
  const gateway = arm === 'official' ? (namedBaseUrl(sources)?.value ?? null) : null;
  return mayGetKey(address, named, gateway) ? chosen : { ...chosen, endpoint: null, newAddress: address };
}

/** A problem where an arm's key may not go to its address. */
export function newAddressProblems(
  chosen: readonly ChosenEndpoint[],
  { named, front }: ArmSources,
): readonly CallProblem[] {
  const added = chosen.flatMap(({ newAddress }) => newAddress ?? []);
  if (added.length === 0 || !named) return [];
  const { summary, fix } = newAddressText(added, named, front);
  return [{ reasonCode: 'new_address', message: `${summary} ${fix}` }];
}

/** Whether a gateway key was given at all, for runs that may skip the check without one. */
export function gatewayKeyAtHand(settings: CheckSettings, environment: Environment): boolean {
  if (readSetting('apiKey', { settings, environment, front: 'action' }) !== null) return true;
  return nonBlank(environment.OPENAI_API_KEY) !== null && nonBlank(environment.OPENAI_BASE_URL) !== null;
}

/** What a key cannot contain, in the order in which it is reported. */
const KEY_FLAWS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/[\r\n]/, 'a line break'],
  [/\s/, 'a space'],
  [/[^\x21-\x7e]/, 'a character that no HTTP header can carry'],
];

/** Why a value cannot be a key, or null. The value itself is never part of the message. */
export function keyProblem({ value, from }: FoundSetting): CallProblem | null {
  const flaw = KEY_FLAWS.find(([pattern]) => pattern.test(value));
  if (flaw === undefined) return null;
  return {
    reasonCode: 'malformed_key',
    message: `The key in ${from} contains ${flaw[1]}. Copy the key again, without anything before or after it, and save it.`,
  };
}

function withGatewayKey(key: FoundSetting, sources: ArmSources): ChosenEndpoint {
  const baseUrl = namedBaseUrl(sources);
  if (baseUrl === null) return refuse(keyProblem(key), missingBaseUrl(sources));
  const unused = nonBlank(sources.environment.OPENAI_BASE_URL);
  const notes =
    unused === null || sameBaseUrl(unused, baseUrl.value)
      ? []
      : [`OPENAI_BASE_URL is not used: the key in ${key.from} goes to ${baseUrl.value} (${baseUrl.from}).`];
  return checked(baseUrl, key, notes);
}

function withOpenAiKey(key: FoundSetting, sources: ArmSources): ChosenEndpoint {
  const openAiUrl = nonBlank(sources.environment.OPENAI_BASE_URL);
  if (openAiUrl === null) return refuse(bareOpenAiKey(sources));
  const fromEnvironment: FoundSetting = { value: openAiUrl, from: 'OPENAI_BASE_URL' };
  const named = readSetting('baseUrl', sources);
  if (named !== null && !sameOrigin(named.value, openAiUrl)) return refuse(keyForAnotherHost(named, sources));
  const inConfig = gatewayInConfig(sources);
  const isOfficial = sameOrigin(openAiUrl, officialBaseUrl(sources));
  if (inConfig !== null && isOfficial && !sameOrigin(inConfig, openAiUrl)) {
    return refuse(officialAsGateway(inConfig, sources));
  }
  const baseUrl = named ?? fromEnvironment;
  const isOther = inConfig !== null && !sameBaseUrl(inConfig, baseUrl.value);
  return checked(baseUrl, key, isOther ? [otherGatewayNote(inConfig, baseUrl, sources)] : []);
}

/** The note that this run does not use the config's gateway, and why. */
function otherGatewayNote(inConfig: string, { value, from }: FoundSetting, { front }: ArmSources): string {
  return `This run uses the gateway ${value} (${from}), not ${inConfig} from the config, because OPENAI_API_KEY is the only key and belongs to OPENAI_BASE_URL. To use the config's gateway, put its key into ${settingLabel('apiKey', front)}.`;
}

const gatewayInConfig = ({ config }: ArmSources): string | null => config?.gateway.base_url ?? null;

function namedBaseUrl(sources: ArmSources): FoundSetting | null {
  const named = readSetting('baseUrl', sources);
  if (named !== null) return named;
  const inConfig = gatewayInConfig(sources);
  if (inConfig !== null) return { value: inConfig, from: GATEWAY_IN_CONFIG };
  const openAiUrl = nonBlank(sources.environment.OPENAI_BASE_URL);
  return openAiUrl === null ? null : { value: openAiUrl, from: 'OPENAI_BASE_URL' };
}

function checked(baseUrl: FoundSetting, key: FoundSetting, notes: readonly string[]): ChosenEndpoint {
  const refused = refuse(keyProblem(key), ...baseUrlProblems(baseUrl));
  if (refused.problems.length > 0) return { ...refused, notes };
  const endpoint = { baseUrl: baseUrl.value.trim(), apiKey: key.value };
  return { endpoint, newAddress: null, problems: [], notes: [...notes, ...clearTextNotes(baseUrl)] };
}

const refuse = (...problems: readonly (CallProblem | null)[]): ChosenEndpoint => ({
  endpoint: null,
  newAddress: null,
  problems: problems.filter((problem) => problem !== null),
  notes: [],
});

function missingKey({ front }: ArmSources, baseUrl: FoundSetting | null): CallProblem {
  const where = baseUrl === null || baseUrlFlaw(baseUrl.value) !== null ? '' : ` (for ${baseUrl.value})`;
  const message =
    front === 'action'
      ? `The gateway's key is missing${where}. Store it as a secret and pass it: "api-key: \${{ secrets.GATEWAY_API_KEY }}". If you already do, the secret is empty, has another name, or is not available to this run.`
      : `The gateway's key is missing${where}. Set GATEWAY_API_KEY, or OPENAI_BASE_URL and OPENAI_API_KEY together.`;
  return { reasonCode: 'missing_key', message };
}

const missingBaseUrl = ({ front }: ArmSources): CallProblem => ({
  reasonCode: 'missing_base_url',
  message: `The gateway's base URL is missing. Set gateway.base_url in .github/gateway-rollout.yml, or ${settingLabel('baseUrl', front)}, for example https://gateway.example/v1.`,
});

const bareOpenAiKey = ({ front }: ArmSources): CallProblem => ({
  reasonCode: 'ambiguous_key',
  message: `OPENAI_API_KEY is set without OPENAI_BASE_URL, so it is probably the official key and was not sent to the gateway. Put the gateway's key into ${settingLabel('apiKey', front)}, or set OPENAI_BASE_URL as well.`,
});

const keyForAnotherHost = (named: FoundSetting, { front }: ArmSources): CallProblem => ({
  reasonCode: 'ambiguous_key',
  message: `${asSubject(named.from)} has a different host than OPENAI_BASE_URL, and OPENAI_API_KEY belongs to OPENAI_BASE_URL, so the key was not sent. Put the gateway's key into ${settingLabel('apiKey', front)}.`,
});

const officialAsGateway = (configBaseUrl: string, { front }: ArmSources): CallProblem => ({
  reasonCode: 'official_as_gateway',
  message: `OPENAI_BASE_URL is the official API, but the config's gateway is ${configBaseUrl}, so the check would test the official API instead. Put the gateway's key into ${settingLabel('apiKey', front)}, or set OPENAI_BASE_URL to the gateway's base URL.`,
});

function baseUrlProblems({ value, from }: FoundSetting): CallProblem[] {
  const flaw = baseUrlFlaw(value.trim());
  const message = `${asSubject(from)} ${flaw}. Expected a URL such as https://gateway.example/v1.`;
  return flaw === null ? [] : [{ reasonCode: 'malformed_base_url', message }];
}

/** A note where the key is sent in clear text. The config has warnings of its own for its addresses. */
export function clearTextNotes({ value, from }: FoundSetting): string[] {
  const url = new URL(value);
  if (from === GATEWAY_IN_CONFIG || from === OFFICIAL_IN_CONFIG) return [];
  if (!sendsInClearText(url)) return [];
  return [`The key is sent to ${url.hostname} in clear text. Use https:// in the URL.`];
}

/**
 * What must not be shown: the keys, and the header values from the environment. Addresses that are shown anyway are
 * excepted, such as the upstream of a gateway in front of the official API.
 */
export function armSecrets(
  sources: ArmSources,
  endpoints: readonly ArmEndpoint[],
  headerSecrets: readonly string[],
): string[] {
  const shown = [officialBaseUrl(sources), ...endpoints.map(({ baseUrl }) => baseUrl)];
  const isShown = (value: string) =>
    URL.canParse(value) && shown.some((address) => address.startsWith(value.trim()));
  return [...endpoints.map(({ apiKey }) => apiKey), ...headerSecrets.filter((value) => !isShown(value))];
}

/** Texts that are not addresses are compared as they are. */
export const sameOrigin = (a: string, b: string): boolean => (originOf(a) ?? a) === (originOf(b) ?? b);

const sameBaseUrl = (a: string, b: string): boolean =>
  a.trim().replace(/\/+$/, '') === b.trim().replace(/\/+$/, '');
