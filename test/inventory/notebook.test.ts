import { describe, expect, it } from 'vitest';
import { notebookCode } from '../../src/inventory/notebook.ts';

const notebook = JSON.stringify(
  {
    cells: [
      { cell_type: 'markdown', source: ['model = "gpt-4"\n'] },
      {
        cell_type: 'code',
        outputs: [{ output_type: 'stream', text: ['model = "gpt-4o"\n'] }],
        source: ['import openai\n', 'model = "gpt-4o"'],
      },
      { cell_type: 'code', source: 'a = "é\\u0041"\nb = 2' },
    ],
    metadata: { kernelspec: { language: 'python' } },
  },
  null,
  1,
);

describe('a notebook', () => {
  it('is reduced to its code cells, without prose and outputs', () => {
    expect(notebookCode(notebook).code).toBe('import openai\nmodel = "gpt-4o"\na = "é\\u0041"\nb = 2\n');
  });

  it('gives the lines of the file', () => {
    const { code, lines } = notebookCode(notebook);
    const { line } = lines.position(code.indexOf('gpt-4o'));
    expect(notebook.split('\n')[line - 1]).toContain('"model = \\"gpt-4o\\""');
    expect(line).toBeGreaterThan(notebook.split('\n').findIndex((each) => each.includes('output_type')));
    const second = lines.position(code.indexOf('b = 2'));
    expect(notebook.split('\n')[second.line - 1]).toContain('b = 2');
  });

  it.each([
    '',
    '{',
    '{"cells": [',
    '{"cells": [{"cell_type": "code", "source": ["a',
    'null',
    '[]',
    ']]}}',
    '"cells"',
  ])('that is broken (%j) is no code and no crash', (text) => {
    expect(notebookCode(text).code).toBe('');
  });
});
