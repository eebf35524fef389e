import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { QueueRoom } from '../../src/dead-letters/queue-room.ts';
import { DeadLetterStore } from '../../src/dead-letters/store.ts';
import { letterPlace } from '../../src/dead-letters/read-letters.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { outcomeOf, startCommand } from '../support/command.ts';
import { requireComponents } from '../support/components.ts';
import { eventOf, structuredEventOf } from '../support/events.ts';
import { OnTerminal } from '../support/on-terminal.ts';
import { SampleAgent } from '../support/sample-agent.ts';
import { silentLogger } from '../support/silent-logger.ts';

/** Where the agent on the sample keeps its state. */
const stateDirectory = 'state/sample';

let agent: SampleAgent;
let service: Server;
let received: string[];
/** Lines that the service refuses hold this. */
let poison: string;
let isDenied: boolean;

/** Refuses a request for one line in it that it holds to be too large. */
const startService = async (): Promise<number> => {
  service = createServer((request, response) => {
    void text(request).then((body) => {
      if (isDenied) return void response.writeHead(403).end();
      const isBad = poison !== '' && body.includes(poison);
      if (!isBad) received.push(...body.split('\n'));
      response.writeHead(isBad ? 413 : 200).end(isBad ? 'bad \u001b[31m line' : '{"response":"ok"}');
    });
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** What an earlier agent left. */
const leaveLetters = async (destination: string): Promise<void> => {
  const place = letterPlace(join(agent.folder, stateDirectory), destination);
  const room = new QueueRoom(16 * 1024 * 1024);
  const limits = { maxBytes: 1_000_000, fieldNames: [], room, clock: systemClock, logger: silentLogger };
  const store = await DeadLetterStore.open({ ...place, ...limits });
  const refused = { answer: 'HTTP 400: no \u001b[2J', attempts: 2, key: 'k' } as const;
  store.add({ ...refused, reason: 'rejected', event: eventOf({ message: 'first line', service: 'shop' }, 1) });
  store.add({ ...refused, reason: 'too old', event: eventOf({ message: 'second line', service: 'shop' }, 2) });
  const hostile = { message: 'third \u009b31m\u202e line', status: 200 };
  store.add({ ...refused, reason: 'rejected', event: structuredEventOf(hostile, { service: 'audit' }, 3) });
  await store.close();
};

beforeEach(async () => {
  agent = new SampleAgent();
  received = [];
  poison = '';
  isDenied = false;
  const port = await startService();
  const loggly = `  loggly: { token: tok, endpoint: "http://127.0.0.1:${port}", batch: { max_age: 20ms } }\n`;
  agent.configure('sluice.yaml', loggly);
  // What is read without asking the agent.
  writeFileSync(
    join(agent.folder, 'files.yaml'),
    `state: ${stateDirectory}\ndestinations: { loggly: { token: tok } }\n`,
  );
  await leaveLetters('loggly');
});

afterEach(async () => {
  await agent.remove();
  service.closeAllConnections();
  service.close();
});

const dlq = async (command: string, ...parameters: readonly string[]) => {
  const isRead = command === 'list' || command === 'show';
  return await agent.ask(['dlq', command, ...parameters, '-c', isRead ? 'files.yaml' : 'sluice.yaml']);
};

const idsListed = async (): Promise<readonly string[]> => {
  const { out } = await dlq('list', '-o', 'json');
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { id: string }).id);
};

/** Nothing that a terminal would obey. */
// oxlint-disable-next-line no-control-regex
const harmless = /^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]*$/;

describe('sluice dlq without an agent', () => {
  test('lists dead letters, for people and for machines', async () => {
    const { out, err, code } = await dlq('list');
    expect({ err, code }).toEqual({ err: '3 dead letters: rejected 2, too old 1\n', code: 0 });
    expect(out).toMatch(/^ID {2}DESTINATION {2}REFUSED +SERVICE {2}REASON {4}TRIES {2}ANSWER\n1 {3}loggly /);
    expect(out).toMatch(harmless);
    const json = await dlq('list', '-o', 'json', '--service', 'shop', '--reason', 'too old');
    expect(json).toMatchObject({ err: '', code: 0 });
    expect(JSON.parse(json.out)).toMatchObject({
      id: '2',
      destination: 'loggly',
      attempts: 2,
      service: 'shop',
      cut: false,
    });
    expect((await dlq('list', '-n', '1')).out).toMatch(/\n3 .*\n$/);
  });

  test('shows a whole letter, and nothing of it reaches the terminal as a command', async () => {
    const { out, code } = await dlq('show', '3');
    expect(code).toBe(0);
    expect(out).toMatch(/^letter {7}3 of loggly\nrefused .*, sent 2 times\nreason {7}rejected\n/);
    expect(out).toContain('"message": "third \\u009b31m\\u202e line"');
    expect(out).toContain('"status": 200');
    expect(out).toMatch(harmless);
    expect(JSON.parse((await dlq('show', '3', '-o', 'json')).out)).toMatchObject({
      answer: 'HTTP 400: no \u001b[2J',
      event: { message: 'third \u009b31m\u202e line', data: { status: 200 } },
    });
  });

  test('says which letters there are not: 1, and what is no id: 2', async () => {
    expect(await dlq('show', 'zz')).toEqual({
      out: '',
      err: 'sluice: there is no dead letter zz; see "sluice dlq list"\n',
      code: 1,
    });
    expect(await dlq('show', '?')).toMatchObject({ code: 2, err: expect.stringContaining('is no id') });
  });

  test('changes nothing: 69', async () => {
    expect(await dlq('drop', '--all', '--yes')).toMatchObject({
      code: 69,
      err: expect.stringContaining('no agent runs'),
    });
    expect(await idsListed()).toEqual(['1', '2', '3']);
  });

  test('lists nothing where there is nothing', async () => {
    expect(await dlq('list', '--to', 'blackhole')).toEqual({ out: '', err: 'no dead letters\n', code: 0 });
    expect(readdirSync(join(agent.folder, stateDirectory, 'dead-letters'))).toEqual(['loggly']);
  });
});

describe('sluice dlq with an agent', () => {
  test('sends letters again, tells what became of each, and keeps what is refused again', async () => {
    poison = 'second';
    await agent.start();
    const { out, err, code } = await dlq('retry', '--all');
    expect(out.split('\n').toSorted()).toEqual([
      '',
      '1  delivered',
      expect.stringMatching(/^2 {2}refused: .*bad/),
      '3  delivered',
    ]);
    expect(out).toMatch(harmless);
    expect({ err, code }).toEqual({ err: 'loggly: delivered 2, refused 1\n', code: 1 });
    const taken = received.filter((line) => /first line|third/.test(line)).toSorted();
    expect(taken.map((line) => JSON.parse(line))).toMatchObject([
      { message: 'first line', info: { id: 'id-1' } },
      { data: { status: 200 }, info: { id: 'id-3' } },
    ]);
    expect(JSON.parse((await dlq('show', '2', '-o', 'json')).out)).toMatchObject({ reason: 'too large', attempts: 3 });
    poison = '';
    expect(await dlq('retry', '2', '9', '-o', 'json')).toEqual({
      out: '{"destination":"loggly","id":"2","result":"delivered","answer":""}\n{"destination":"loggly","id":"9","result":"missing","answer":""}\n',
      err: 'loggly: delivered 1, missing 1\n',
      code: 1,
    });
    expect(await idsListed()).toEqual([]);
  });

  test('waits for a destination that denies it, alone, until it is stopped', async () => {
    isDenied = true;
    await agent.start();
    const status = async (): Promise<string> => (await agent.ask(['status', '-c', 'sluice.yaml'])).out;
    while (!/^loggly +denied/m.test(await status())) continue;
    const retry = { parameters: ['dlq', 'retry', '--all', '-c', 'sluice.yaml'], folder: agent.folder };
    const rounds = [startCommand(retry), startCommand(retry)].map((child) => ({ child, outcome: outcomeOf(child) }));
    // Which of the two comes first, the scheduler decides.
    const refused = await Promise.race(rounds.map(async ({ outcome }) => await outcome));
    expect(refused).toMatchObject({ out: '', code: 1, err: expect.stringContaining('being sent again already') });
    for (const { child } of rounds) child.kill('SIGINT');
    const ends = await Promise.all(rounds.map(async ({ outcome }) => await outcome));
    const stopped = ends.find((end) => end !== refused);
    expect(stopped).toMatchObject({ out: '', code: 1, err: expect.stringContaining('stopped: ') });
    expect(stopped?.err).toMatch(/^loggly is denied \(.*403.*\): waiting until it takes lines again\n/);
    expect(await idsListed()).toEqual(['1', '2', '3']);
  });

  test('drops letters when it is told to, and only then', async () => {
    await agent.start();
    expect(await dlq('drop', '1')).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
    expect(await dlq('drop', '--yes')).toMatchObject({ code: 2, err: expect.stringContaining('--all') });
    expect(await dlq('drop', '1', '--yes', '--to', 'nowhere')).toMatchObject({
      code: 1,
      err: 'sluice: the agent has no destination "nowhere"; there is: blackhole, loggly\n',
    });
    expect(await idsListed()).toEqual(['1', '2', '3']);
    expect(await dlq('drop', '1', '--yes')).toEqual({ out: '1 dead letter of loggly dropped\n', err: '', code: 0 });
    expect(await dlq('drop', '--all', '--service', 'audit', '--yes', '-o', 'json')).toMatchObject({
      out: '{"destination":"loggly","dropped":1}\n',
      code: 0,
    });
    expect(await idsListed()).toEqual(['2']);
    expect((await agent.ask(['status', '-c', 'sluice.yaml'])).out).toContain('dead letters 1 (');
  });
});

requireComponents('script')('sluice dlq drop on a terminal', () => {
  test('asks before it drops', async () => {
    await agent.start();
    const ask = async (answer: string, end: RegExp): Promise<void> => {
      const terminal = new OnTerminal(agent.folder, 'dlq drop --all --service shop -c sluice.yaml');
      try {
        await terminal.shows(/Drop all dead letters of loggly of service shop\? They can't be brought back. \[y\/N\]/);
        terminal.type(`${answer}\r`);
        await terminal.shows(end);
      } finally {
        await terminal.close();
      }
    };
    await ask('', /ended with 1/);
    expect(await idsListed()).toEqual(['1', '2', '3']);
    await ask('y', /2 dead letters of loggly dropped\s+ended with 0/);
    expect(await idsListed()).toEqual(['3']);
  });
});
