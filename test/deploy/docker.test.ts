import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';

const file = join(import.meta.dirname, '../../deploy/docker/daemon.json');

/** What dockerd takes of each of these; the driver's options must be text. */
const daemonSchema = z.strictObject({
  'log-driver': z.literal('journald'),
  'log-opts': z.strictObject({ 'labels-regex': z.string() }),
});

test('containers log to the journal with the labels that name services and tasks, and no others', () => {
  const { 'log-opts': options } = daemonSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const labels = [
    'com.amazonaws.ecs.cluster',
    'com.amazonaws.ecs.task-arn',
    'com.amazonaws.ecs.container-name',
    'com.amazonaws.ecs.task-definition-family',
    'com.amazonaws.ecs.task-definition-version',
    'com.docker.compose.service',
  ];
  const pattern = new RegExp(options['labels-regex']);
  const others = ['com.example.app', 'xcom.amazonaws.ecs.cluster', 'com_amazonaws_ecs_cluster'];
  expect([...labels, ...others].filter((label) => pattern.test(label))).toEqual(labels);
});
