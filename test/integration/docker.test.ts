import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PrivateDockerd, startPrivateDockerd } from '../rigs/docker/private-dockerd.ts';
import { type PrivateJournald, startPrivateJournald } from '../rigs/journald/private-journald.ts';
import { AgentRun } from '../support/agent-run.ts';
import { requireComponents } from '../support/components.ts';
import { type Reader, forOneReader } from '../support/readers.ts';
import { readShipped, type ShippedEvent } from '../support/shipped-file.ts';

jest.setTimeout(120_000);

const describeDocker = forOneReader(
  requireComponents('journalctl', 'systemd-journald', 'dockerd', 'busybox', 'root', 'unshare'),
);

const configuration = (folder: string, reader: Reader): string => `
sources: { journald: { reader: ${reader}, start: beginning } }
state: ${folder}/state
cloud_identity: off
admin: { listen: '127.0.0.1:0' }
destinations: { file: { path: '${folder}/shipped.ndjson', batch: { max_age: 100ms } } }
`;

/** A shell command that prints `bytes` times a letter. */
const fill = (letter: string, bytes: number): string => `head -c ${bytes} /dev/zero | tr '\\0' ${letter}`;

/** Two loops that print at the same time: long lines, so that their pieces come interleaved. */
const longLines = (letter: string): string =>
  `i=0; while [ $i -lt 20 ]; do printf "$i "; ${fill(letter, 40_000)}; echo; i=$((i+1)); done`;

describeDocker('containers that log to the journal', (reader) => {
  let folder: string;
  let journal: PrivateJournald | undefined;
  let dockerd: PrivateDockerd | undefined;
  let agent: AgentRun | undefined;
  let shipped: readonly ShippedEvent[] = [];
  const ids = new Map<string, string>();

  const eventsOf = (stream: string): readonly ShippedEvent[] => shipped.filter(({ info }) => info.stream === stream);
  const messagesOf = (stream: string): readonly string[] => eventsOf(stream).map(({ message }) => message);

  const runContainers = async (daemon: PrivateDockerd): Promise<void> => {
    const container = async (name: string, script: string, ...options: readonly string[]): Promise<void> => {
      ids.set(name, await daemon.run({ name, script, options }));
    };
    await container('shop-web-1', 'echo served; echo; echo failed >&2');
    await container('terminal', 'echo first; echo second', '--tty');
    await container(
      'long',
      [`printf 'begin '; ${fill('a', 39_000)}; echo`, `${fill('b', 32_768)}; echo`, 'echo after'].join('; '),
    );
    await container('structured', `echo '{"level":"warn","msg":"slow","ms":31,"info":{"host":"forged"}}'`);
    await container('binary', String.raw`printf 'a\377\001b\n'`);
    await container('tagged', 'echo tagged', '--log-opt=tag=checkout');
    const label = 'com.docker.compose.service';
    await container('composed', 'echo composed', `--label=${label}=billing`, `--log-opt=labels=${label}`);
    await Promise.all([container('left', longLines('l')), container('right', longLines('r'))]);
    await container('unfinished', fill('u', 20_000));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-docker-'));
    await writeFile(join(folder, 'sluice.yaml'), configuration(folder, reader));
    const live = await startPrivateJournald();
    journal = live;
    dockerd = await startPrivateDockerd(live);
    const run = new AgentRun(join(folder, 'sluice.yaml'), {
      spawn: (program, parameters, options) => live.spawn(program, parameters, options),
    });
    agent = run;
    await runContainers(dockerd);
    // The end of an unfinished line never comes; it is shipped when nothing can follow any more.
    await run.until('shipped all', async () => {
      shipped = await readShipped(join(folder, 'shipped.ndjson'));
      return messagesOf('unfinished').length > 0;
    });
    await run.end('SIGTERM');
  }, 120_000);

  afterAll(async () => {
    await agent?.end('SIGKILL');
    await dockerd?.stop();
    await journal?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('a line has its container as stream, its level by output, and nothing of dockerd', () => {
    // Docker reads the two outputs independently.
    const events = eventsOf('shop-web-1');
    const [served, empty] = events.filter(({ level }) => level === 'INFO');
    const failed = events.find(({ level }) => level === 'ERROR');
    expect(served).toMatchObject({ message: 'served', info: { service: 'shop-web' } });
    expect(failed).toMatchObject({ message: 'failed' });
    expect(empty).toMatchObject({ message: '' });
    expect(served?.info).toEqual({
      id: expect.any(String),
      service: 'shop-web',
      stream: 'shop-web-1',
      host: expect.any(String),
      container: ids.get('shop-web-1')?.slice(0, 12),
      image: dockerd?.imageName,
    });
  });

  test('a terminal’s carriage returns are kept', () => {
    expect(messagesOf('terminal')).toEqual(['first\r', 'second\r']);
  });

  test('long lines are whole, also one that is cut at exactly its end', () => {
    expect(messagesOf('long')).toEqual([`begin ${'a'.repeat(39_000)}`, 'b'.repeat(32_768), 'after']);
  });

  test('JSON is lifted; what it says of its host is data', () => {
    const [event] = eventsOf('structured');
    expect(event).toMatchObject({ level: 'WARN', message: 'slow', data: { ms: 31, info: { host: 'forged' } } });
    expect(event?.info['host']).not.toBe('forged');
  });

  test('bytes that are no UTF-8 are kept', () => {
    const [event] = eventsOf('binary');
    expect(event?.message).toBe('a\uFFFD\u0001b');
    expect(event?.info['raw']).toBe(Buffer.from([0x61, 0xff, 0x01, 0x62]).toString('base64'));
  });

  test('an explicit tag names the service, as does the label of a compose file', () => {
    expect(eventsOf('tagged')[0]?.info.service).toBe('checkout');
    expect(eventsOf('composed')[0]?.info.service).toBe('billing');
  });

  describe.each([
    ['left', 'l'],
    ['right', 'r'],
  ])('of two that write long lines at once, %s', (name, letter) => {
    test('has its own lines, whole and in order', () => {
      const expected = Array.from({ length: 20 }, (_, index) => `${index} ${letter.repeat(40_000)}`);
      expect(messagesOf(name)).toEqual(expected);
    });
  });

  test('a line without an end is shipped, and said to be incomplete', () => {
    expect(eventsOf('unfinished')).toMatchObject([{ message: 'u'.repeat(20_000), info: { incomplete: true } }]);
  });
});
