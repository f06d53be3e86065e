/** Turns the text of the file into a config, or into all of its mistakes at once. */
import { adviceFor } from './advice.ts';
import { type CheckoutReader, checkoutAdvice } from './checkout-advice.ts';
import { type ConfigDocument, MAX_CONFIG_BYTES, readDocument } from './document.ts';
import { gateOf } from './gates.ts';
import { type ConfigFinding, type ConfigProblem, fileProblem, formatPath } from './problem.ts';
import { ruleFindings } from './rules.ts';
import { type Config, type ConfigFile, configSchema } from './schema.ts';
import { secretFindings, withoutSecrets } from './secrets.ts';
import { MISSING, readShape } from './shape.ts';

export type LoadResult =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly ConfigProblem[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/**
 * Reads a config.
 * @param text the file's content
 * @param file its name in messages, e.g. `.github/gateway-rollout.yml`; in a folder `gateway-rollout`, the
 *   rollout is called like the file unless the content names it
 * @param checkout where to look for files that the content names, to warn of missing ones; null: nowhere
 * @returns the config with warnings, or all problems in the order of the file; never throws
 */
export function loadConfig(text: string, file: string, checkout: CheckoutReader | null = null): LoadResult {
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES) {
    return refused([fileProblem(file, 'the file is too large for a config', 'at most 256 KiB')]);
  }
  const document = readDocument(text, file);
  if (document.raw === null && document.syntax.length === 0 && document.structure.length === 0) {
    return refused([fileProblem(file, 'the file is empty', 'at least gateway.base_url and models')]);
  }
  const problems = problemsOf(document);
  if (problems.length > 0) return refused(problems);
  // Without findings the file fits the schema, so this parse cannot fail.
  const written = configSchema.parse(document.raw);
  const config = resolveConfig(written, nameFromFile(file));
  const { gates } = written.rollout;
  const advice = [
    ...adviceFor(config, gates),
    ...(checkout === null ? [] : checkoutAdvice(config, gates, checkout)),
  ];
  return { ok: true, config, warnings: advice.map(document.locate).map(redacted) };
}

function problemsOf({ raw, syntax, structure, locate }: ConfigDocument): ConfigProblem[] {
  const shape = readShape(raw);
  const secrets = secretFindings(raw, shape.findings);
  // A setting that is already refused needs no second finding for its shape.
  const alreadyRefused = pathsOf([...secrets, ...structure.filter(({ at }) => at === 'value')]);
  const others = shape.findings.filter(({ path }) => !alreadyRefused.has(formatPath(path)));
  const findings = [...structure, ...secrets, ...others];
  if (syntax.length === 0) {
    const refusedPaths = pathsOf(findings);
    const contradictions = ruleFindings(shape).filter(({ path }) => !refusedPaths.has(formatPath(path)));
    return inOrder([...findings, ...contradictions].map(locate));
  }
  // After the first syntax error nothing is certain, not even that a setting is missing.
  const end = Math.min(...syntax.map(({ line }) => line));
  const certain = findings.filter(({ message }) => message !== MISSING).map(locate);
  return inOrder([...syntax, ...certain.filter(({ line }) => line < end)]);
}

function pathsOf(findings: readonly ConfigFinding[]): ReadonlySet<string> {
  return new Set(findings.map(({ path }) => formatPath(path)));
}

/** Fills in what depends on other settings or on the file: the gate of every stage, and the rollout's name. */
function resolveConfig(file: ConfigFile, fallbackName: string | null): Config {
  const { gates, stages, ...rollout } = file.rollout;
  const withGates = stages.map((stage, index) => ({ ...stage, gate: gateOf(stages, index, gates) }));
  return { ...file, name: file.name ?? fallbackName, rollout: { ...rollout, stages: withGates } };
}

function nameFromFile(file: string): string | null {
  return /(?:^|[\\/])gateway-rollout[\\/]([A-Za-z0-9][\w.-]*)\.ya?ml$/.exec(file)?.[1] ?? null;
}

function refused(problems: readonly ConfigProblem[]): LoadResult {
  return { ok: false, problems: problems.map(redacted) };
}

/** A message may repeat a part of the file, but never a key. */
function redacted(problem: ConfigProblem): ConfigProblem {
  const hide = (text: string | null) => (text === null ? null : withoutSecrets(text));
  return {
    ...problem,
    path: withoutSecrets(problem.path),
    message: withoutSecrets(problem.message),
    expected: hide(problem.expected),
    suggestion: hide(problem.suggestion),
  };
}

function inOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
