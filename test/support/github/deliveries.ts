/** Webhooks on their way to the App: signed, numbered, recorded, and at will lost, doubled or late. */
import { createHmac, randomUUID } from 'node:crypto';
import type { WebhookEventName } from '@octokit/webhooks-types';

export interface Attempt {
  /** What the App answered; null where it could not be reached or took longer than GitHub waits. */
  readonly status: number | null;
  readonly milliseconds: number;
}

export interface Delivery {
  /** `X-GitHub-Delivery`; a redelivery has the same. */
  readonly id: string;
  readonly event: WebhookEventName;
  readonly action: string | null;
  readonly payload: unknown;
  readonly attempts: Attempt[];
}

/** What becomes of a delivery. `late`: after the one that follows it. */
export type Fate = 'delivered' | 'lost' | 'doubled' | 'late';

export interface Deliveries {
  /** Where they go; several take turns, as replicas behind a load balancer do. */
  to: readonly string[];
  /** Decides on each delivery; the scenario's own orders go first. */
  fateOf: (delivery: Delivery) => Fate;
  readonly all: readonly Delivery[];
  send(event: WebhookEventName, payload: unknown): void;
  redeliver(delivery: Delivery): void;
  /** The next delivery that `which` names meets that fate. */
  next(fate: Fate, which?: (delivery: Delivery) => boolean): void;
  /** Keeps everything back until `release`. */
  hold(): void;
  /** Sends what was kept back, in the order that `order` makes of it. */
  release(order?: (held: readonly Delivery[]) => readonly Delivery[]): void;
  /** Sends what is late and follows nothing any more. @returns whether there was any */
  flush(): boolean;
  readonly inFlight: number;
}

/** GitHub waits ten seconds for a response. */
const PATIENCE = 10_000;

export function createDeliveries(app: { readonly id: number; readonly secret: string }): Deliveries {
  const all: Delivery[] = [];
  const orders: { readonly fate: Fate; readonly which: (delivery: Delivery) => boolean }[] = [];
  let late: Delivery[] = [];
  let held: Delivery[] | null = null;
  let inFlight = 0;
  let turn = 0;

  function fateOf(delivery: Delivery): Fate {
    const index = orders.findIndex(({ which }) => which(delivery));
    if (index < 0) return deliveries.fateOf(delivery);
    return orders.splice(index, 1)[0]?.fate ?? 'delivered';
  }

  async function post(delivery: Delivery): Promise<void> {
    const url = deliveries.to[turn++ % Math.max(1, deliveries.to.length)];
    if (url === undefined) return;
    inFlight += 1;
    const start = performance.now();
    let status: number | null = null;
    try {
      const response = await fetch(url, {
        method: 'POST',
        ...signed(delivery, app),
        signal: AbortSignal.timeout(PATIENCE),
      });
      status = response.status;
      await response.arrayBuffer();
    } catch {
      // Not reached, or too slow: GitHub notes it and goes on.
    }
    delivery.attempts.push({ status, milliseconds: performance.now() - start });
    inFlight -= 1;
  }

  function dispatch(delivery: Delivery): void {
    const fate = fateOf(delivery);
    if (fate === 'late') {
      late.push(delivery);
      return;
    }
    const overtaken = late;
    late = [];
    const times = { delivered: 1, doubled: 2, lost: 0 }[fate];
    for (let sent = 0; sent < times; sent += 1) void post(delivery);
    for (const each of overtaken) void post(each);
  }

  const deliveries: Deliveries = {
    to: [],
    fateOf: () => 'delivered',
    all,
    send(event, payload) {
      const delivery = { id: randomUUID(), event, action: actionOf(payload), payload, attempts: [] };
      all.push(delivery);
      if (held === null) dispatch(delivery);
      else held.push(delivery);
    },
    redeliver(delivery) {
      void post(delivery);
    },
    next(fate, which = () => true) {
      orders.push({ fate, which });
    },
    hold() {
      held ??= [];
    },
    release(order = (each) => each) {
      const kept = held ?? [];
      held = null;
      for (const each of order(kept)) dispatch(each);
    },
    flush() {
      const kept = late;
      late = [];
      for (const each of kept) void post(each);
      return kept.length > 0;
    },
    get inFlight() {
      return inFlight;
    },
  };
  return deliveries;
}

function signed(delivery: Delivery, { id, secret }: { readonly id: number; readonly secret: string }) {
  const body = JSON.stringify(delivery.payload);
  const hmac = (algorithm: string): string => createHmac(algorithm, secret).update(body).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/0000000',
      'x-github-delivery': delivery.id,
      'x-github-event': delivery.event,
      'x-github-hook-id': String(id),
      'x-github-hook-installation-target-id': String(id),
      'x-github-hook-installation-target-type': 'integration',
      'x-hub-signature': `sha1=${hmac('sha1')}`,
      'x-hub-signature-256': `sha256=${hmac('sha256')}`,
    },
  };
}

function actionOf(payload: unknown): string | null {
  if (typeof payload !== 'object' || payload === null || !('action' in payload)) return null;
  return typeof payload.action === 'string' ? payload.action : null;
}
