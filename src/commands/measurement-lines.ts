/** Reads a JSONL file of measurements, as `observe` writes it. */
import { findStage, type Stage } from '../config/stages.ts';
import { type JsonLines, parseJsonLines } from '../measure/json-lines.ts';
import { type Measurement, measurementSchema } from '../measure/measurement.ts';

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
  const { lines, ...found } = parseJsonLines(text, file, measurementSchema, 'measurement');
  const inOrder = lines.toSorted((a, b) => a.value.window.from - b.value.window.from || a.line - b.line);
  const isSorted = inOrder.every((each, index) => each === lines[index]);
  const sorted = `${file}: the windows are not in chronological order; sorted before judging`;
  const placed = inOrder.map(({ line, value }) => ({ line, value, stage: findStage(stages, value.stage) }));
  const unknown = placed
    .filter(({ stage }) => stage === null)
    .map(({ line, value }) => `${file}:${line}: ${unknownStage(value.stage, stages)}`);
  return {
    measurements: placed.map(({ value, stage }) => ({ ...value, stage: stage?.label ?? value.stage })),
    problems: [...found.problems, ...overlaps(inOrder, file), ...unknown],
    warnings: isSorted ? found.warnings : [...found.warnings, sorted],
  };
}

/** Overlapping windows would count traffic twice. */
function overlaps(lines: JsonLines<Measurement>['lines'], file: string): string[] {
  return lines.flatMap(({ line, value: { window } }, index) => {
    const before = lines[index - 1];
    if (before === undefined || before.value.window.to <= window.from) return [];
    return [
      `${file}:${line}: the window overlaps the one of line ${before.line}; expected consecutive windows`,
    ];
  });
}

function unknownStage(stage: string, stages: readonly Stage[]): string {
  const labels = stages.map(({ label }) => label).join(', ');
  return `the config has no stage "${stage}"; expected one of ${labels}`;
}
