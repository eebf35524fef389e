import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { requireComponents } from '../support/components.ts';
import { OnTerminal } from '../support/on-terminal.ts';
import { SampleAgent } from '../support/sample-agent.ts';

const enterScreen = '\u001b[?1049h';
const leaveScreen = '\u001b[?1049l';

let agent: SampleAgent;
let terminal: OnTerminal | undefined;

beforeEach(async () => {
  agent = new SampleAgent();
  await agent.start();
});

afterEach(async () => {
  await terminal?.close();
  await agent.remove();
});

const watch = async (): Promise<OnTerminal> => {
  terminal = new OnTerminal(agent.folder, 'top -c sluice.yaml');
  await terminal.shows(/> blackhole +ok/);
  return terminal;
};

/** The terminal is as it was: main screen, cursor shown, line by line, with echo. */
const expectRestored = (drawn: string): void => {
  expect(drawn.lastIndexOf(leaveScreen)).toBeGreaterThan(drawn.lastIndexOf(enterScreen));
  expect(drawn.lastIndexOf('\u001b[?25h')).toBeGreaterThan(drawn.lastIndexOf('\u001b[?25l'));
  expect(drawn).toMatch(/[^-]icanon/);
  expect(drawn).toMatch(/[^-]echo /);
};

const ended = /ended with (\d+)[^]*;\s[^]*echoke/;

requireComponents('script')('sluice top on a terminal', () => {
  test.each([
    ['q', 'q'],
    ['^C', '\u0003'],
  ])('ends at %s and leaves the terminal as it was', async (_, key) => {
    const screen = await watch();
    const before = screen.drawn;
    screen.type(key);
    expect((await screen.shows(ended))[1]).toBe('0');
    expectRestored(before + screen.drawn);
  });

  test('ends at SIGTERM and leaves the terminal as it was', async () => {
    const screen = await watch();
    const [, pid] = await screen.shows(/pid (\d+)\r\n/);
    process.kill(Number(pid), 'SIGTERM');
    expect((await screen.shows(ended))[1]).toBe('0');
    expectRestored(screen.drawn);
  });

  test('follows its keys', async () => {
    const screen = await watch();
    screen.type('\r');
    await screen.shows(/read \d+ = delivered/);
    screen.type('?');
    await screen.shows(/stop and go on looking/);
    screen.type('?s ');
    expect(await screen.shows(/PAUSED[^]*sort \(most behind\)/)).toBeTruthy();
  });

  test('says that the agent is gone, and goes on when it is back', async () => {
    const screen = await watch();
    await agent.stop();
    await screen.shows(/NO ANSWER[^]*trying again/);
    screen.type('j');
    await agent.start();
    expect(await screen.shows(new RegExp(`pid ${agent.pid} `))).toBeTruthy();
  });
});

describe('sluice top', () => {
  test('refuses without a terminal: 2', async () => {
    const { out, err, code } = await agent.ask(['top', '-c', 'sluice.yaml']);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain('top needs a terminal');
  });
});
