/** The forecast of a config as lines of comments below it. */
import type { ForecastText } from '../conversation/forecast.ts';
import { wrap } from '../report/printer.ts';

const COLUMNS = 98;
const TASKS = 'tasks a day';

/** @returns lines without line breaks; none without a forecast */
export function forecastLines(forecast: ForecastText | null): readonly string[] {
  if (forecast === null) return [];
  const { title, sizes, rows, notes } = forecast;
  const width = Math.max(TASKS.length, ...rows.map(({ stage }) => stage.length));
  const row = (first: string, cells: readonly string[]) =>
    `  ${first.padEnd(width)}  ${cells.map((cell) => cell.padStart(12)).join('')}`;
  const wrapped = (text: string) => wrap(text, COLUMNS).map((line, at) => (at === 0 ? line : `  ${line}`));
  return [
    ...wrap(title, COLUMNS),
    row(TASKS, sizes),
    ...rows.map(({ stage, days }) => row(stage, days)),
    ...notes.flatMap(wrapped),
  ];
}
