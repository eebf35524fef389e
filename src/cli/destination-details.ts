import type { AgentStatus, DestinationStatus } from '../pipeline/status.ts';
import { describeLost } from './describe-losses.ts';
import { ageOf } from './destination-table.ts';
import { formatBytes, formatCount, formatDuration } from './figures.ts';

const maxParkedShown = 5;

/** A sound destination loses lines only if it stops taking them. */
const describeOutlook = ({ secondsUntilLoss, condition }: DestinationStatus): string => {
  if (secondsUntilLoss === undefined) return 'time until loss unknown';
  if (secondsUntilLoss === 'never') return 'no line is going to be lost';
  const left = formatDuration(Math.floor(secondsUntilLoss));
  return condition.state === 'ok' ? `could be away for ${left}` : `lines are lost in ${left}`;
};

const describeLosses = ({ balance }: DestinationStatus): readonly string[] => {
  const lost = describeLost(balance);
  return lost === '' ? [] : [`lost before they could be read: ${lost}`];
};

const describeParked = ({ parked, parkedKeys }: DestinationStatus): readonly string[] => {
  const shown = parked
    .slice(0, maxParkedShown)
    .map(({ key, reason, lines }) => `parked ${key}, ${formatCount(lines)} lines wait: ${reason}`);
  const rest = parkedKeys - shown.length;
  return rest === 0 ? shown : [...shown, `and ${rest} more parked keys`];
};

const describeDeadLetters = ({ deadLetters }: DestinationStatus): readonly string[] => {
  if (deadLetters === undefined) return [];
  const { letters, bytes, maxBytes, expired, missed, problem } = deadLetters;
  if (letters + expired + missed === 0) return [];
  const lost = [
    ...(expired === 0 ? [] : [`${formatCount(expired)} made room for them`]),
    ...(missed === 0 ? [] : [`${formatCount(missed)} COULD NOT BE KEPT${problem === undefined ? '' : `: ${problem}`}`]),
  ];
  const kept = `dead letters ${formatCount(letters)} (${formatBytes(bytes)} of ${formatBytes(maxBytes)})`;
  return [[kept, ...lost].join('; ')];
};

const describeAnswer = ({ lastAnswer, condition }: DestinationStatus, nowMs: number): string => {
  if (lastAnswer === undefined) return 'no answer yet';
  const age = `last answer ${ageOf(nowMs, lastAnswer.atMs)} ago`;
  return lastAnswer.text === condition.reason ? age : `${age}: ${lastAnswer.text}`;
};

const describe = (destination: DestinationStatus, nowMs: number): readonly string[] => {
  const { condition, checkpointProblem, unexplained } = destination;
  return [
    ...(condition.state === 'ok' ? [] : [condition.reason]),
    `${describeAnswer(destination, nowMs)}; ${describeOutlook(destination)}`,
    ...describeParked(destination),
    ...describeDeadLetters(destination),
    ...describeLosses(destination),
    ...(checkpointProblem === undefined ? [] : [`checkpoint can't be saved: ${checkpointProblem}`]),
    ...(unexplained === 0 ? [] : [`${unexplained} lines are UNEXPLAINED`]),
  ];
};

/** What a table has no room for: the reason of a destination's state, the last answer, what is parked. Not made safe. */
export const detailsOf = ({ destinations, denied }: AgentStatus, name: string, nowMs: number): readonly string[] => {
  const destination = destinations.find((each) => each.name === name);
  if (destination !== undefined) return describe(destination, nowMs);
  return denied.filter((each) => each.name === name).map(({ reason }) => reason);
};
