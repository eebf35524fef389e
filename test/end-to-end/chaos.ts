import { passingFaults as everyCloudwatchFault, type FaultName } from '../fakes/cloudwatch/faults.ts';
import { logdnaFaults, logdnaVerdicts } from '../fakes/logdna.ts';
import { logglyFaults } from '../fakes/loggly.ts';
import type { FakeRequest, FakeVerdict } from '../fakes/http/exchange.ts';
import { type Fault, quickFaults } from '../fakes/http/fault.ts';
import { numberIn } from './numbered-line.ts';

/** Those that end at once come more often than those that cost seconds of waiting, or the test would take minutes. */
export const passingCloudwatchFaults: readonly FaultName[] = [
  ...everyCloudwatchFault,
  ...Array.from(
    { length: 4 },
    () => ['throttling', 'internal failure', 'operation aborted', 'bad gateway', 'reset', 'accept then reset'] as const,
  ).flat(),
];

/** Faults of network and proxies, those that take the lines first included. */
const commonFaults: readonly Fault[] = [
  ...Array.from({ length: 4 }, () => quickFaults).flat(),
  { kind: 'hang' },
  { kind: 'accept, then hang' },
  { kind: 'accept, then reset' },
  { kind: 'accept, then truncate' },
  { kind: 'accept, then trickle' },
  { kind: 'accept, then answer nonsense' },
];

/** Refuses a request for its size, which is final for a single line: that one gets another chance. */
const tooLargeUnlessAlone = (tooLarge: Fault, countLines: (request: FakeRequest) => number): Fault => ({
  kind: 'instead',
  serve: (request): FakeVerdict => {
    if (tooLarge.kind !== 'status' || countLines(request) < 2)
      return { answer: { status: 503, body: '' }, accepted: [] };
    return { answer: { status: tooLarge.status, body: tooLarge.body ?? '' }, accepted: [] };
  },
});

const logglyLines = ({ body }: FakeRequest): number => body.toString().trimEnd().split('\n').length;
const logdnaLines = ({ body }: FakeRequest): number => body.toString().split('{"timestamp":').length - 1;

/** Everything Loggly may answer after which a line may yet be delivered. */
export const passingLogglyFaults: readonly Fault[] = [
  ...commonFaults,
  logglyFaults.badToken,
  logglyFaults.badRequest,
  logglyFaults.notFound,
  logglyFaults.gone,
  logglyFaults.throttled,
  logglyFaults.notImplemented,
  tooLargeUnlessAlone(logglyFaults.tooLarge, logglyLines),
];

/** Takes all but every tenth line, which it asks for again; `onAskedAgain` is told the numbers of those. */
const askAgainForSome = (onAskedAgain: (number: number) => void): Fault => ({
  kind: 'instead',
  serve: (request) => {
    const fault = logdnaVerdicts((index) => (index % 10 === 0 ? 500 : 200));
    if (fault.kind !== 'instead') throw new Error('verdicts are no judgement');
    const lines = request.body.toString().split('{"timestamp":').slice(1);
    for (let index = 0; index < lines.length; index += 10) {
      const number = numberIn(lines[index] ?? '');
      if (number !== undefined) onAskedAgain(number);
    }
    return fault.serve(request);
  },
});

/** Everything LogDNA may answer after which a line may yet be delivered. */
export const passingLogdnaFaults = (onAskedAgain: (number: number) => void): readonly Fault[] => [
  ...commonFaults,
  logdnaFaults.badKey,
  logdnaFaults.suspended,
  logdnaFaults.gatewayTimeout,
  logdnaFaults.cloudflareDown,
  logdnaFaults.cloudflareConnect,
  logdnaFaults.cloudflareTimeout,
  tooLargeUnlessAlone(logdnaFaults.tooLarge, logdnaLines),
  tooLargeUnlessAlone(logdnaFaults.tooLargeForQueue, logdnaLines),
  askAgainForSome(onAskedAgain),
];
