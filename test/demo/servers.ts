/** A real gateway in front of a scripted upstream: two third-party programs, both on 127.0.0.1. */
import { createRequire } from 'node:module';
import { startOnLoopback } from './loopback-child.ts';
import { startUpstream, type Upstream, type UpstreamOptions } from './upstream.ts';

export { startUpstream, type Upstream, type UpstreamOptions } from './upstream.ts';

export interface RealGateway {
  /** With `/v1` and without a slash at the end. */
  readonly baseUrl: string;
  /** Headers for every request that name the gateway's upstream. */
  readonly headers: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface Stack {
  readonly upstream: Upstream;
  readonly gateway: RealGateway;
  /** A key that the upstream accepts. */
  readonly apiKey: string;
  stop(): Promise<void>;
}

const require = createRequire(import.meta.url);

/** Accepted by the upstream of `startStack`, and nowhere else. */
const DEMO_KEY = 'sk-demo-0123456789abcdef0123456789abcdef';

/**
 * Starts Portkey's gateway as a child process on a free port.
 * @throws when it does not start; the message holds its standard error
 */
export async function startGateway(options: { readonly upstreamBaseUrl: string }): Promise<RealGateway> {
  const program = require.resolve('@portkey-ai/gateway/build/start-server.js');
  const { port, stop } = await startOnLoopback(program, ['--headless', '--port=0']);
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': options.upstreamBaseUrl },
    stop,
  };
}

/** Starts both, the gateway in front of the upstream. By default the upstream accepts one key. */
export async function startStack(options: UpstreamOptions = {}): Promise<Stack> {
  const { apiKeys = [DEMO_KEY] } = options;
  const upstream = await startUpstream({ ...options, apiKeys });
  try {
    const gateway = await startGateway({ upstreamBaseUrl: upstream.baseUrl });
    return {
      upstream,
      gateway,
      apiKey: apiKeys[0] ?? DEMO_KEY,
      stop: async () => {
        await gateway.stop();
        await upstream.stop();
      },
    };
  } catch (error) {
    await upstream.stop();
    throw error;
  }
}
