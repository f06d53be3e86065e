/** The sample application in production: users ask, the share decides on their arm, and requests are recorded. */
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Arm } from '../../src/config/arms.ts';
import type { EndpointAccess } from '../../src/gateway/forward.ts';
import type { Window } from '../../src/measure/instant.ts';
import { formatRecord, type RequestRecord } from '../../src/measure/record.ts';
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
const CONCURRENT_USERS = 16;

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
   * @param fault what happens to every request on the gateway, as for `exec --fault`
   */
  async serve(
    window: Window,
    users: number,
    onProgress: (answered: number) => void,
    fault: string | null = null,
  ): Promise<Served> {
    const lines: string[] = [];
    const seen = { official: 0, gateway: 0 };
    let answered = 0;
    const onRecord = (record: RequestRecord): void => {
      if (record.attempt === 0) seen[record.arm] += 1;
      const part = (answered + 1) / (users + 2);
      lines.push(formatRecord({ ...record, ts: Math.round(window.from + (window.to - window.from) * part) }));
    };
    const [official, gateway] = await Promise.all([
      this.#record('official', [], onRecord),
      this.#record('gateway', faultsOf(fault), onRecord),
    ]);
    const assistant = new Assistant({
      official,
      gateway,
      share: join(this.#settings.directory, SHARE_PATH),
      // The recorders write them, in the demo's time.
      records: () => undefined,
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
    await Promise.all([official.stop(), gateway.stop()]);
    await appendFile(this.#settings.records, lines.map((line) => `${line}\n`).join(''));
    return { ...seen, failed: outcomes.filter(({ status }) => status === 'rejected').length };
  }

  #record(arm: Arm, faults: readonly Fault[], onRecord: (record: RequestRecord) => void) {
    return startRecorder({
      arm,
      access: this.#settings.access[arm],
      profile: arm === 'official' ? 'openai' : 'auto',
      faults,
      onAttempt: ({ record }) => onRecord(record),
      onFailedId: () => undefined,
    });
  }
}

function faultsOf(fault: string | null): readonly Fault[] {
  if (fault === null) return [];
  const parsed = parseFaults([fault]);
  if (!parsed.ok) throw new Error(parsed.messages.join(' '));
  return parsed.faults;
}
