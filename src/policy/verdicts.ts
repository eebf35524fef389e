import type { DropReason } from '../event/drop-reason.ts';
import { type Exclusion, keep, type Verdict } from '../event/verdict.ts';
import type { Reasons } from './step.ts';

/** Configurations give a handful of different verdicts; where one gives more, the rest is made anew each time. */
const maxShared = 64;

const makeVerdict = (reasons: Reasons, destinations: readonly string[]): Verdict => {
  const excluded = new Map<DropReason, Set<string>>();
  for (const [index, name] of destinations.entries()) {
    const reason = reasons[index];
    if (reason === undefined) continue;
    const names = excluded.get(reason);
    if (names === undefined) excluded.set(reason, new Set([name]));
    else names.add(name);
  }
  return Array.from(excluded, ([reason, names]): Exclusion => ({
    reason,
    destinations: names.size === destinations.length ? undefined : names,
  }));
};

const isSame = (left: Reasons, right: Reasons): boolean => {
  for (let index = 0; index < left.length; index += 1) {
    if (left[index] !== right[index]) return false;
  }
  return true;
};

/** Turns reasons into verdicts; equal ones share one verdict, so that judging allocates nothing. */
export const createVerdicts = (destinations: readonly string[]): ((reasons: Reasons) => Verdict) => {
  const shared = [{ reasons: destinations.map((): DropReason | undefined => undefined), verdict: keep }];
  return (reasons) => {
    for (const known of shared) {
      if (isSame(known.reasons, reasons)) return known.verdict;
    }
    const verdict = makeVerdict(reasons, destinations);
    if (shared.length < maxShared) shared.push({ reasons: reasons.slice(), verdict });
    return verdict;
  };
};
