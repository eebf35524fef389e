import type { FaultName } from '../fakes/cloudwatch/faults.ts';
import { type Fault, quickFaults } from '../fakes/http/fault.ts';

/** How a service behaves for a while: what a share of its requests meets, drawn at random. */
interface Behaviour {
  readonly rate: number;
  readonly cloudwatch: readonly FaultName[];
  readonly http: readonly Fault[];
}

const behaviours = {
  sound: { rate: 0, cloudwatch: ['reset'], http: [{ kind: 'reset' }] },
  refusing: {
    rate: 1,
    cloudwatch: ['internal failure', 'bad gateway', 'reset'],
    http: [{ kind: 'status', status: 503 }, { kind: 'reset' }],
  },
  hanging: { rate: 1, cloudwatch: ['hang', 'slow body'], http: [{ kind: 'hang' }] },
  'talking nonsense': {
    rate: 1,
    cloudwatch: ['html instead of json', 'bad gateway'],
    http: [{ kind: 'html' }, { kind: 'garbage' }],
  },
  'taking lines and then silent': {
    rate: 0.7,
    cloudwatch: ['accept then hang', 'accept then reset'],
    http: [{ kind: 'accept, then hang' }, { kind: 'accept, then reset' }, { kind: 'accept, then truncate' }],
  },
  capricious: {
    rate: 0.2,
    cloudwatch: [
      'throttling',
      'operation aborted',
      'internal failure',
      'reset',
      'accept then reset',
      'resource not found',
    ],
    http: quickFaults,
  },
} as const satisfies Readonly<Record<string, Behaviour>>;

export type Mood = keyof typeof behaviours;

export const behaviourOf = (mood: Mood): Behaviour => behaviours[mood];

export const moods: readonly Mood[] = [
  'sound',
  'refusing',
  'hanging',
  'talking nonsense',
  'taking lines and then silent',
  'capricious',
];
