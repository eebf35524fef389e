import { expect, test } from '@jest/globals';
import { replayCommand } from './replay-command.ts';

const span = { destination: 'loggly', sinceMs: 1_795_326_000_123, untilMs: 1_795_329_600_000 };

test('the command that replays a span of all services', () => {
  expect(replayCommand({ ...span, service: undefined }, { files: [], socket: undefined })).toBe(
    'sluice replay --to loggly --since 2026-11-22T05:40:00.123Z --until 2026-11-22T06:40:00.000Z',
  );
});

test('the command that replays some services, of the agent that was asked, whatever a shell makes of their names', () => {
  expect(
    replayCommand({ ...span, service: "it's-*" }, { files: ['/etc/a.yaml', 'my file.yaml'], socket: '/run/a.sock' }),
  ).toBe(
    "sluice replay -c /etc/a.yaml -c 'my file.yaml' --socket /run/a.sock --to loggly " +
      "--since 2026-11-22T05:40:00.123Z --until 2026-11-22T06:40:00.000Z --service 'it'\\''s-*'",
  );
});
