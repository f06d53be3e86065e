/**
 * Takes the README's pictures: a rollout's issue from the tests' snapshots, and the summary of a real check.
 * Needs Chromium (at `CHROMIUM_PATH` or /usr/bin/chromium) and a font with emoji (Debian: fonts-noto-color-emoji).
 * @example node .ci/pictures.ts
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { selfSignedCertificate } from '../test/support/certificates.ts';
import { markdownToHtml } from '../test/support/github-markdown.ts';
import { startQuirkyGateway } from '../test/support/quirky-gateway.ts';

const root = path.resolve(import.meta.dirname, '..');
/** Both pages show the important part first; the rest is cut off. */
const SIZE = { width: 860, height: 1150 };

const STYLE = `
  body { margin: 0; padding: 20px; font: 15px/1.5 "Liberation Sans", sans-serif, "Noto Color Emoji"; color: #1f2328; }
  .title { font-size: 26px; margin: 0 0 14px; }
  .title span { color: #59636e; }
  .box { border: 1px solid #d1d9e0; border-radius: 6px; }
  .box > header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 16px; color: #59636e; }
  .box > main { padding: 4px 18px 18px; }
  h2 { font-size: 22px; border-bottom: 1px solid #d1d9e0; padding-bottom: 6px; }
  h3 { font-size: 19px; } h4 { font-size: 16px; margin-bottom: 8px; }
  table { border-collapse: collapse; font-size: 14px; }
  th, td { border: 1px solid #d1d9e0; padding: 5px 10px; }
  code { background: #eff1f3; border-radius: 5px; padding: 2px 5px; font: 85% "DejaVu Sans Mono", monospace; }
  ul { padding-left: 26px; } li.box { border: 0; list-style: none; margin-left: -22px; }
  a { color: #0969da; text-decoration: none; }
  svg { font: 12px "Liberation Sans", sans-serif; fill: #1f2328; }
`;

/** @param from the author, shown above the text */
function page(title: string, from: string, markdown: string): string {
  const head = `<meta charset="utf-8"><style>${STYLE}</style><p class="title">${title}</p>`;
  return `${head}<div class="box"><header>${from}</header><main>${markdownToHtml(markdown)}</main></div>`;
}

/** The body of an issue from the tests' snapshots. */
async function issueBody(name: string): Promise<string> {
  const file = path.join(root, 'test/conversation/__snapshots__/issue-body.test.ts.snap');
  const [, text] = (await readFile(file, 'utf8')).split(
    `exports[\`the issue of a rollout > ${name} 1\`] = \`\n"`,
  );
  const [body] = text?.split('"\n`;') ?? [];
  if (body === undefined) throw new Error(`${file} has no issue "${name}". Use a name that it has.`);
  return body.replaceAll(/\\([`\\$])/g, '$1');
}

/** The job summary of a check of a gateway with malformed tool calls. */
async function checkSummary(): Promise<string> {
  const certificate = await selfSignedCertificate();
  const gateway = await startQuirkyGateway({
    quirks: ['tool-arguments-object', 'unknown-model-answered'],
    tls: certificate,
  });
  const home = await mkdtemp(path.join(tmpdir(), 'gateway-rollout-pictures-'));
  const summary = path.join(home, 'summary');
  const config = `gateway: { base_url: ${gateway.baseUrl} }\nmodels: [gpt-4o-mini]\ncheck: { features: [streaming, tools] }\n`;
  const files = {
    '.github/gateway-rollout.yml': config,
    'authority.pem': certificate.cert,
    summary: '',
    output: '',
    'event.json': '{}',
  };
  try {
    await mkdir(path.join(home, '.github'));
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(home, name), text);
    await new Promise((resolve) =>
      execFile(
        process.execPath,
        [path.join(root, 'src/main.ts')],
        {
          cwd: home,
          env: {
            GITHUB_WORKSPACE: home,
            GITHUB_STEP_SUMMARY: summary,
            GITHUB_OUTPUT: path.join(home, 'output'),
            GITHUB_EVENT_PATH: path.join(home, 'event.json'),
            GITHUB_EVENT_NAME: 'push',
            RUNNER_TEMP: home,
            NODE_EXTRA_CA_CERTS: path.join(home, 'authority.pem'),
            'INPUT_API-KEY': gateway.apiKey,
            'INPUT_TRUSTED-ORIGINS': new URL(gateway.baseUrl).origin,
          },
        },
        // The exit code is 1, because the gateway is not ready.
        resolve,
      ),
    );
    const text = await readFile(summary, 'utf8');
    // This machine's port means nothing to a reader.
    return text.replaceAll(/127\.0\.0\.1(?::|&#58;)\d+/g, 'gateway.example');
  } finally {
    await gateway.stop();
    await rm(home, { recursive: true });
  }
}

const pages = {
  'rollout-issue': page(
    'Gateway rollout: assistant <span>#12</span>',
    '<b>gateway-rollout</b> opened this issue',
    await issueBody('healthy at 5%'),
  ),
  'job-summary': page('Gateway check', '<b>check</b> summary', await checkSummary()),
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
try {
  for (const [name, html] of Object.entries(pages)) {
    const tab = await browser.newPage({ viewport: SIZE });
    await tab.setContent(html);
    await tab.screenshot({ path: path.join(root, '.github/images', `${name}.png`) });
  }
} finally {
  await browser.close();
}
