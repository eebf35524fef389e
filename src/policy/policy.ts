import type { DropReason } from '../event/drop-reason.ts';
import type { LogEvent } from '../event/event.ts';
import { isAtLeast } from '../event/level.ts';
import type { Verdict } from '../event/verdict.ts';
import { fieldsOf } from './match/match.ts';
import { compileRoutes, type Route } from './routes.ts';
import type { Rule } from './rules/rule.ts';
import { compileRules } from './rules/rule-steps.ts';
import type { OnDecision, Reasons } from './step.ts';
import { createVerdicts } from './verdicts.ts';

/** What a policy is made of. */
export interface PolicyOptions {
  readonly rules: readonly Rule[];
  readonly routes: readonly Route[];
  /** The names of the enabled destinations; rules and routes may name others, to no effect. */
  readonly destinations: readonly string[];
  /** This host's machine id, where other hosts' lines are not wanted; undefined: all are. */
  readonly ownMachineId?: string;
  /** Tells the agent's own lines, which are shipped from WARN up only, lest they cause each other. */
  readonly isOwn?: (event: LogEvent) => boolean;
}

/** Decides which destinations an event goes to. */
export type Judge = (event: LogEvent) => Verdict;

/** Rules and routes, compiled. */
export interface Policy {
  /** The journal fields that it reads, to be asked for from the source. */
  readonly fields: readonly string[];
  /**
   * Made for each feed. The same events in the same order get the same verdicts from every judge.
   *
   * @param onDecision told of the rules and routes that decide, where somebody wants to know.
   */
  createJudge(onDecision?: OnDecision): Judge;
}

const machineField = '_MACHINE_ID';

const foreignHost: Verdict = [{ reason: 'foreign host', destinations: undefined }];
const ownLog: Verdict = [{ reason: 'own log', destinations: undefined }];

const fieldsRead = ({ rules, routes, ownMachineId }: PolicyOptions): readonly string[] => {
  const fields = new Set([...rules, ...routes].flatMap(({ match }) => fieldsOf(match ?? {})));
  if (ownMachineId !== undefined) fields.add(machineField);
  return [...fields];
};

const createForeignTest = (ownMachineId: string | undefined): ((event: LogEvent) => boolean) => {
  if (ownMachineId === undefined) return () => false;
  return (event) => (event.fields.get(machineField) ?? ownMachineId) !== ownMachineId;
};

/**
 * Compiles rules and routes. Foreign and own lines come first, then routes, then rules: level, sample, rate limit.
 *
 * @throws {TypeError} for a match that its schema refuses.
 */
export const createPolicy = (options: PolicyOptions): Policy => {
  const { rules, routes, destinations, ownMachineId, isOwn } = options;
  const createSteps = [...compileRoutes(routes, destinations), ...compileRules(rules, destinations)];
  const verdictOf = createVerdicts(destinations);
  const isForeign = createForeignTest(ownMachineId);
  return {
    fields: fieldsRead(options),
    createJudge: (onDecision) => {
      const steps = createSteps.map((createStep) => createStep(onDecision));
      const reasons: Reasons = destinations.map((): DropReason | undefined => undefined);
      return (event) => {
        if (isForeign(event)) return foreignHost;
        if (!isAtLeast(event.level, 'WARN') && isOwn?.(event) === true) return ownLog;
        reasons.fill(undefined);
        for (const step of steps) {
          step(event, reasons);
          if (!reasons.includes(undefined)) break;
        }
        return verdictOf(reasons);
      };
    },
  };
};
