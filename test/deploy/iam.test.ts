import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';

const deploy = join(import.meta.dirname, '../../deploy');
const instructions = readFileSync(join(deploy, 'README.md'), 'utf8');

/** The grammar of IAM policies, as far as ours use it. */
const oneOrMany = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const policySchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z
    .array(
      z.strictObject({
        Sid: z.string().regex(/^[A-Za-z0-9]+$/),
        Effect: z.literal('Allow'),
        Principal: z.strictObject({ Service: z.string() }).optional(),
        Action: oneOrMany,
        Resource: z.string(),
        Condition: z.record(z.string(), z.record(z.string(), z.string())).optional(),
      }),
    )
    .min(1),
});

const names = readdirSync(join(deploy, 'iam'));
const read = (name: string) => policySchema.parse(JSON.parse(readFileSync(join(deploy, 'iam', name), 'utf8')));
const actionsOf = (name: string): readonly string[] => read(name).Statement.flatMap((statement) => statement.Action);

/** Policies of the agent itself; a key's policy belongs to the key. */
const ours = names.filter((name) => name !== 'kms-key-policy.json');

describe('IAM policies', () => {
  test.each(names)('%s is a policy with statements that can be told apart', (name) => {
    const ids = read(name).Statement.map((statement) => statement.Sid);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each([
    ['nothing', ['logs:PutLogEvents']],
    ['streams', ['logs:PutLogEvents', 'logs:CreateLogStream']],
    [
      'groups-and-streams',
      [
        'logs:PutLogEvents',
        'logs:CreateLogStream',
        'logs:CreateLogGroup',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
      ],
    ],
  ])('create: %s may do this and no more', (create, actions) => {
    expect(actionsOf(`cloudwatch-create-${create}.json`)).toEqual(actions);
  });

  test.each(ours)('%s names each action, on log groups with the prefix or one role', (name) => {
    for (const { Action, Resource } of read(name).Statement) {
      expect(Action.filter((action) => action.includes('*'))).toEqual([]);
      expect(Resource).toMatch(/^arn:aws:(?:logs:REGION:ACCOUNT:log-group:PREFIX\*|iam::OTHER_ACCOUNT:role\/ROLE$)/);
    }
  });

  test('the instructions explain exactly the actions that are given', () => {
    const explained = [...instructions.matchAll(/^\| `(\w+:\w+)`/gm)].map(([, action]) => action);
    expect(explained).toHaveLength(new Set(explained).size);
    expect(new Set(explained)).toEqual(new Set(ours.flatMap(actionsOf)));
  });

  test('the instructions name every file', () => {
    expect(names.filter((name) => !instructions.includes(name))).toEqual([]);
  });
});
