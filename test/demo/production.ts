/** The sample application in production: users ask, the share decides on their arm, and requests are recorded. */
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Arm } from '../../src/config/arms.ts';
import type { EndpointAccess } from '../../src/gateway/forward.ts';
import type { Window } from '../../src/measure/instant.ts';
import { type Fault, parseFaults } from '../../src/measure/recorder/fault.ts';
import { startRecorder } from '../../src/measure/recorder/recorder.ts';
import { Assistant } from '../example/assistant.ts';
import { SHARE_PATH } from './sample-application.ts';

export interface ProductionSettings {
  /** The application's folder. */
  readonly directory: string;
  /** The file of request records. */
  readonly records: string;
  readonly access: Readonly<Record<Arm, EndpointAccess>>;
}

export interface Served {
  readonly official: number;
  readonly gateway: number;
  /** Of the official arm's requests: so many, the gateway got as well. */
  readonly copies: number;
  /** Users who got no answer. */
  readonly failed: number;
}

/** What users ask, in turn: most questions are longer than the answer, some are shorter. */
const QUESTIONS = [
  'Where is my order?',
  'Summarise this for the next shift, in one sentence: the parcel left the warehouse on Monday, the carrier lost it on Tuesday and found it on Thursday, the customer has written three times and been answered once, by a colleague who is on holiday now and whose notes say only that the customer is right, and a refund of the postage is promised though nobody has booked it yet.',
  'Which of these is a complaint, and about what? One: the blue one, please. Two: where do I send it back? Three: this is the second time that it came without a cable, and I still have not heard from you.',
  'List the numbers from 1 to 15, separated by commas.',
] as const;

/** Users who ask at the same time. */
const CONCURRENT_USERS = 12;

/** When no copy was answered for so many milliseconds, none is on its way. */
const LAST_COPIES = 200;

/** One application, and a share that decides who is asked. */
export class Production {
  readonly #settings: ProductionSettings;
  #users = 0;

  private constructor(settings: ProductionSettings) {
    this.#settings = settings;
  }

  /** Starts with an empty file of records, and with the share in the folder. */
  static async start(settings: ProductionSettings): Promise<Production> {
    await writeFile(settings.records, '');
    return new Production(settings);
  }

  /** Does what the team's deployment does: a new share reaches the application. */
  async deploy(share: string): Promise<void> {
    await writeFile(join(this.#settings.directory, SHARE_PATH), share);
  }

  /**
   * Each user asks once. The requests are real and take their real time; their records are spread over the window, in
   * the demo's time.
   * @param faults what happens to requests on the gateway, as for `exec --fault`
   */
  async serve(
    window: Window,
    users: number,
    onProgress: (answered: number) => void,
    faults: readonly string[] = [],
  ): Promise<Served> {
    const records: { readonly ts: number }[] = [];
    const seen = { official: 0, gateway: 0, copies: 0 };
    const begun = new Map<string, number>();
    let answered = 0;
    const [official, gateway] = await Promise.all([
      this.#forward('official', []),
      this.#forward('gateway', faultsOf(faults)),
    ]);
    const share = join(this.#settings.directory, SHARE_PATH);
    const assistant = new Assistant({
      official,
      gateway,
      share,
      records: (record) => {
        if (record.shadow === true) seen.copies += 1;
        else if (record.attempt === 0) seen[record.arm === 'gateway' ? 'gateway' : 'official'] += 1;
        const part = (answered + 1) / (users + 2);
        const now = Math.round(window.from + (window.to - window.from) * part);
        // A copy and its original began at the same moment.
        const ts = begun.get(String(record.task)) ?? now;
        begun.set(String(record.task), ts);
        records.push({ ...record, ts });
      },
      model: 'gpt-4o-mini',
    });
    const limit = pLimit(CONCURRENT_USERS);
    const outcomes = await Promise.allSettled(
      Array.from({ length: users }, () => {
        const question = QUESTIONS[this.#users % QUESTIONS.length] ?? QUESTIONS[0];
        this.#users += 1;
        const user = `user-${this.#users}`;
        return limit(async () => {
          try {
            await assistant.ask(user, question);
          } finally {
            answered += 1;
            onProgress(answered);
          }
        });
      }),
    );
    for (let before = -1; before !== seen.copies; await sleep(LAST_COPIES)) before = seen.copies;
    await Promise.all([official.stop(), gateway.stop()]);
    await appendFile(
      this.#settings.records,
      records
        .sort((a, b) => a.ts - b.ts)
        .map((record) => `${JSON.stringify(record)}\n`)
        .join(''),
    );
    return { ...seen, failed: outcomes.filter(({ status }) => status === 'rejected').length };
  }

  /** The recorder injects the faults; the application writes the records, in the demo's time. */
  #forward(arm: Arm, faults: readonly Fault[]) {
    return startRecorder({
      arm,
      access: this.#settings.access[arm],
      profile: arm === 'official' ? 'openai' : 'auto',
      faults,
      onAttempt: () => undefined,
      onFailedId: () => undefined,
    });
  }
}

function faultsOf(specs: readonly string[]): readonly Fault[] {
  const parsed = parseFaults(specs);
  if (!parsed.ok) throw new Error(parsed.messages.join(' '));
  return parsed.faults;
}
