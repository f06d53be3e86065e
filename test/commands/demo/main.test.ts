import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('names the options that there are where one is misspelt', () => {
  const { status, stderr } = spawnSync(process.execPath, ['src/commands/demo/main.ts', '--fats'], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toBe("error: Unknown option '--fats'. Expected nothing, --fast, --keep or --serve.\n");
});
