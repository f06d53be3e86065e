/** What calls.py is, for Node: `calls.mjs FOLDER OFFICIAL_URL GATEWAY_URL`, with the folder of the instrumentation. */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline/promises';

const [folder, official, gateway] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { metrics } = require('@opentelemetry/api');
const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
const { registerInstrumentations } = require('@opentelemetry/instrumentation');
const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai');
const { MeterProvider } = require('@opentelemetry/sdk-metrics');

const exporter = new PrometheusExporter({ preventServerStart: true });
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [exporter] }));
registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] });
// After the instrumentation, which changes it.
const { OpenAI } = require('openai');

const clientOf = (baseURL) => new OpenAI({ baseURL, apiKey: 'none' });
const clients = { official: clientOf(official), gateway: clientOf(gateway) };

async function ask({ arm, api, content, model, retries, timeout }) {
  const client = clients[arm].withOptions({ maxRetries: retries, timeout: timeout * 1_000 });
  const messages = [{ role: 'user', content }];
  if (api === 'chat') await client.chat.completions.create({ model, messages });
  if (api === 'stream') {
    const options = { stream: true, stream_options: { include_usage: true } };
    for await (const _ of await client.chat.completions.create({ model, messages, ...options }));
  }
  if (api === 'embeddings') await client.embeddings.create({ model, input: content });
  if (api === 'responses') await client.responses.create({ model, input: content });
}

const server = createServer((request, response) => exporter.getMetricsRequestHandler(request, response));
server.listen(0, '127.0.0.1', async () => {
  process.stdout.write(`${server.address().port}\n`);
  for await (const line of createInterface(process.stdin)) {
    const call = JSON.parse(line);
    for (let time = 0; time < call.times; time += 1) await ask(call).catch(() => undefined);
    process.stdout.write('done\n');
  }
  process.exit();
});
