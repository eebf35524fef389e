import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { cloudwatch } from './index.ts';
import { acceptanceWindow, batchLimits } from './limits.ts';
import { cloudwatchOptions } from './options.ts';

const dayMs = 86_400_000;
const problemsOf = (options: object): readonly string[] =>
  (cloudwatchOptions.safeParse(options).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

describe('options of cloudwatch', () => {
  test('none are needed', () => {
    const options = cloudwatchOptions.parse({});
    expect(options).toMatchObject({ create: 'groups_and_streams', max_event: 1_000_000, timeout: 30_000 });
    expect([options.group.text, options.stream.text]).toEqual(['{{service}}', '{{stream}}']);
  });

  test('all of them together', () => {
    const options = {
      group: '/ecs/{{service}}',
      region: 'eu-west-1',
      retention: '30d',
      tags: { team: 'billing' },
      class: 'infrequent_access',
      kms_key: 'arn:aws:kms:eu-west-1:123456789012:key/1',
      profile: 'logs',
      assume_role: { arn: 'arn:aws:iam::123456789012:role/logs', external_id: 'abc', session_name: 'host' },
      fips: true,
      dualstack: true,
      max_event: '256KiB',
    };
    expect(problemsOf(options)).toEqual([]);
  });

  test.each([
    [{ retention: '2d' }, 'retention: CloudWatch Logs takes only these retentions: 1d, 3d, 5d'],
    [{ retention: '36h' }, 'retention: CloudWatch Logs takes only these retentions'],
    [{ max_event: '1MiB' }, 'max_event: must lie between 1024B and 1048550B'],
    [{ max_event: '10B' }, 'max_event: must lie between'],
    [{ assume_role: { arn: 'logs' } }, 'assume_role.arn: expected the ARN of a role'],
    [{ region: 'EU West' }, 'region: expected a region'],
    [{ group: '{{servcie}}' }, 'group: {{servcie}} names no field'],
    [
      { create: 'streams', retention: '30d' },
      'retention: is of the groups we create, and "create: streams" creates none',
    ],
    [{ create: 'nothing', tags: { a: 'b' } }, 'tags: is of the groups we create'],
    [{ endpoint: 'http://127.0.0.1:1', fips: true }, 'fips: chooses among the endpoints of AWS'],
    [
      { tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, ''])) },
      'tags: a log group has at most 50',
    ],
    [{ groop: 'x' }, ': Unrecognized key: "groop"'],
  ])('%j is refused with its reason', (options, problem) => {
    expect(problemsOf(options)).toEqual([expect.stringContaining(problem)]);
  });

  test('limits are those of PutLogEvents', () => {
    expect(batchLimits(cloudwatchOptions.parse({ max_event: '262118B' }))).toEqual({
      maxBytes: 1_048_576,
      maxEvents: 10_000,
      maxEventBytes: 262_118,
      overheadPerEvent: 26,
      overheadPerBatch: 0,
      maxSpanMs: dayMs,
    });
  });

  test("the window is a little narrower than the service's, and never wider than the retention", () => {
    const window = acceptanceWindow(cloudwatchOptions.parse({}));
    expect(window.pastMs).toBeLessThan(14 * dayMs);
    expect(window.pastMs).toBeGreaterThan(13.9 * dayMs);
    expect(window.futureMs).toBeLessThan(2 * 3_600_000);
    expect(acceptanceWindow(cloudwatchOptions.parse({ retention: '3d' })).pastMs).toBeLessThan(3 * dayMs);
    expect(acceptanceWindow(cloudwatchOptions.parse({ retention: '30d' }))).toEqual(window);
  });

  test('README describes every option', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    for (const option of Object.keys(cloudwatch.options.shape))
      expect(readme).toMatch(new RegExp(`^\\| \`${option}\` +\\|`, 'm'));
  });
});
