/** Reads a JSONL file of measurements, as `observe` writes it. */
import { findStage, type Stage } from '../config/stages.ts';
import { parseJson } from '../gateway/json.ts';
import { type Measurement, measurementSchema } from '../measure/measurement.ts';

interface MeasurementLine {
  /** From 1. */
  readonly line: number;
  readonly measurement: Measurement;
}

export interface MeasurementLines {
  /** In the order of time. */
  readonly measurements: readonly Measurement[];
  /** Each with its line. If there are any, the measurements must not be judged. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * All lines or none: leaving one measurement out would change every verdict after it.
 * @param file how messages call it
 * @param stages of the config; each measurement gets the label of its stage
 */
export function readMeasurementLines(text: string, file: string, stages: readonly Stage[]): MeasurementLines {
  const { lines, problems, warnings } = parseLines(text, file);
  const inOrder = lines.toSorted(
    (a, b) => a.measurement.window.from - b.measurement.window.from || a.line - b.line,
  );
  if (inOrder.some((each, index) => each !== lines[index])) {
    warnings.push(`${file}: the windows are not in chronological order; sorted before judging`);
  }
  problems.push(...overlaps(inOrder, file));
  const measurements = inOrder.map(({ line, measurement }) => {
    const stage = findStage(stages, measurement.stage);
    if (stage === null) problems.push(`${file}:${line}: ${unknownStage(measurement.stage, stages)}`);
    return stage === null ? measurement : { ...measurement, stage: stage.label };
  });
  return { measurements, problems, warnings };
}

function parseLines(text: string, file: string) {
  const lines: MeasurementLine[] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  const texts = text.split('\n');
  for (const [index, written] of texts.entries()) {
    if (written.trim() === '') continue;
    const location = `${file}:${index + 1}`;
    const value = parseJson(written);
    if (value === undefined && index === texts.length - 1) {
      warnings.push(`${location}: the last line is incomplete and was left out`);
      continue;
    }
    if (value === undefined) {
      problems.push(`${location}: not JSON; expected one measurement per line`);
      continue;
    }
    const parsed = measurementSchema.safeParse(value);
    if (parsed.success) lines.push({ line: index + 1, measurement: parsed.data });
    else {
      const [issue] = parsed.error.issues;
      problems.push(`${location}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a measurement'}`);
    }
  }
  return { lines, problems, warnings };
}

/** Overlapping windows would count traffic twice. */
function overlaps(lines: readonly MeasurementLine[], file: string): string[] {
  return lines.flatMap(({ line, measurement: { window } }, index) => {
    const before = lines[index - 1];
    if (before === undefined || before.measurement.window.to <= window.from) return [];
    return [
      `${file}:${line}: the window overlaps the one of line ${before.line}; expected consecutive windows`,
    ];
  });
}

function unknownStage(stage: string, stages: readonly Stage[]): string {
  const labels = stages.map(({ label }) => label).join(', ');
  return `the config has no stage "${stage}"; expected one of ${labels}`;
}
