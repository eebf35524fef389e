import { describe, expect, test } from '@jest/globals';
import { Secret } from '#sdk';
import { chooseLogFormat, createLog, type LogFormat } from './log.ts';

const written = (format: LogFormat): string => {
  let output = '';
  const log = createLog('info', format, (text) => {
    output += text;
  });
  log('loggly').debug({}, 'not at this level');
  log('loggly').warn({ failures: 2, token: new Secret('hunter2') }, 'destination refuses');
  return output;
};

describe('the log of the agent itself', () => {
  test('is JSON for machines, with component and level', () => {
    expect(JSON.parse(written('json'))).toMatchObject({
      level: 'warn',
      component: 'loggly',
      failures: 2,
      message: 'destination refuses',
    });
  });

  test('carries the priority of syslog where the journal receives it', () => {
    expect(written('journald')).toMatch(/^<4>\{"level":"warn"/);
  });

  test('is one readable line on a terminal', () => {
    expect(written('text')).toBe('sluice warn loggly: destination refuses (failures=2 token=[secret])\n');
  });

  test('obeys nothing and forges nothing on a terminal, whatever a service answered', () => {
    let output = '';
    const log = createLog('info', 'text', (text) => {
      output += text;
    });
    log('loggly').warn({ file: '/logs/\u009b2J\u202e' }, 'refused: \u001b]0;owned\u0007\r\nsluice error agent: forged');
    expect(output).toBe(
      'sluice warn loggly: refused: \\u001b]0;owned\\u0007\\u000d\n    sluice error agent: forged (file=/logs/\\u009b2J\\u202e)\n',
    );
  });

  test('never shows a secret', () => {
    for (const format of ['json', 'journald', 'text'] as const) expect(written(format)).not.toContain('hunter2');
  });

  test('chooses its form by where it goes', () => {
    expect(chooseLogFormat({ JOURNAL_STREAM: '8:1' }, false)).toBe('journald');
    expect(chooseLogFormat({}, true)).toBe('text');
    expect(chooseLogFormat({}, false)).toBe('json');
  });
});
